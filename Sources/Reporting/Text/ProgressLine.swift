/// The line that shows how far a long command is. When to print it is the command's affair.
public enum ProgressLine {
    /// `import 1,234/5,678 (21 %) main.jsonl`, cut to `width` columns; without a total `import 1,234 main.jsonl`.
    public static func text(_ label: String, done: Int, total: Int?, detail: String = "", width: Int) -> String {
        var parts = [Printable.text(label)]
        if let total {
            parts.append("\(Numbers.grouped(done))/\(Numbers.grouped(total))")
            if total > 0 { parts.append("(\(percent(done, of: total)) %)") }
        } else {
            parts.append(Numbers.grouped(done))
        }
        if !detail.isEmpty { parts.append(Printable.text(detail)) }
        return DisplayWidth.cut(parts.joined(separator: " "), to: width)
    }

    /// Whole percent, cut, so that 100 means done; 0 to 100.
    private static func percent(_ done: Int, of total: Int) -> Int {
        guard done < total else { return 100 }
        return Int(Double(max(0, done)) / Double(total) * 100)
    }
}

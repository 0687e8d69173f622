/// How unlike two words are, for guessing what was meant.
public enum EditDistance {
    /// How many letters must be changed, added or left out to make one of the other (Levenshtein). O(n·m) on the first
    /// 64 bytes of each.
    public static func between(_ left: String, _ right: String) -> Int {
        let right = Array(right.utf8.prefix(64))
        var row = Array(0...right.count)
        for (i, a) in left.utf8.prefix(64).enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}

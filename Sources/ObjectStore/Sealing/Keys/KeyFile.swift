/// A key file: 32 random bytes, written as a recovery code is, so that a slip of the pen shows. Empty lines and those that
/// begin with `#` are passed over.
public enum KeyFile {
    /// The file of a key. The caller wipes it.
    public static func bytes(of key: borrowing SecretKey, comment: String) -> [UInt8] {
        var code = RecoveryCode.bytes(of: key)
        defer { code.wipe() }
        var file = Array("# \(comment)\n".utf8)
        file.reserveCapacity(file.count + code.count + 1)
        file += code
        file.append(UInt8(ascii: "\n"))
        return file
    }

    /// The key in a file's bytes, or the failure of its code.
    public static func key(in file: [UInt8]) throws(RecoveryCode.Failure) -> SecretKey {
        var code: [UInt8] = []
        // All of it at once: an array that grows would leave what was in it behind.
        code.reserveCapacity(file.count)
        defer { code.wipe() }
        for line in file.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
        where line.first != UInt8(ascii: "#") {
            code += line
        }
        return try RecoveryCode.key(of: code)
    }
}

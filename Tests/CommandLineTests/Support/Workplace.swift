import CanonicalJSON
import Glibc
import TestSupport

/// A folder of a test's own in which it runs the programs, with none of the variables of whoever runs the tests.
final class Workplace {
    /// What everything of it lies in.
    let folder = TemporaryFolder()
    private var runs = 0
    /// The working folder of every program run here: an absolute path.
    let path: String
    /// Variables for every run.
    var environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "NO_PROXY": "*"]

    init() {
        path = folder.path + "/work"
        makeFolder("")
        unsafe mkdir(folder.path + "/runs", 0o700)
    }

    // MARK: Running

    /// Runs `osrs-archive` to its end.
    @discardableResult
    func run(
        _ arguments: String..., input: String? = nil, environment: [String: String] = [:]
    ) throws -> Answer {
        try run(Program.archive, arguments, input: input.map { Array($0.utf8) }, environment: environment)
    }

    /// Runs any program to its end.
    @discardableResult
    func run(
        _ program: String, _ arguments: [String], input: [UInt8]? = nil, environment: [String: String] = [:]
    ) throws -> Answer {
        let (process, streams) = try start(program, arguments, input: input, environment: environment)
        let status = try process.wait(seconds: 120)
        return Answer(
            arguments: arguments, status: status, output: try bytes(of: streams.output),
            errors: try bytes(of: streams.error))
    }

    /// Starts a program and gives it back while it runs.
    func start(
        _ program: String, _ arguments: [String], input: [UInt8]? = nil, environment: [String: String] = [:]
    ) throws -> (process: ChildProcess, streams: ChildProcess.Streams) {
        runs += 1
        let prefix = "\(folder.path)/runs/\(runs)"
        var streams = ChildProcess.Streams(output: prefix + ".out", error: prefix + ".err")
        if let input {
            streams.input = prefix + ".in"
            try write(input, to: streams.input)
        }
        let variables = self.environment.merging(environment) { $1 }
        let process = try ChildProcess(program, arguments, environment: variables, folder: path, streams)
        return (process, streams)
    }

    // MARK: Files, by paths that start in the working folder

    /// The absolute path.
    func absolute(_ file: String) -> String { file.hasPrefix("/") ? file : "\(path)/\(file)" }

    /// Makes a folder and those above it.
    func makeFolder(_ name: String) {
        var made = ""
        for part in absolute(name).split(separator: "/") {
            made += "/" + part
            unsafe mkdir(made, 0o700)
        }
    }

    /// Writes a file, and makes the folders that it lies in.
    func write(_ text: String, to file: String) throws { try write(Array(text.utf8), to: file) }

    /// Writes a file, and makes the folders that it lies in.
    func write(_ bytes: [UInt8], to file: String) throws {
        let target = absolute(file)
        makeFolder(target.split(separator: "/").dropLast().joined(separator: "/").withSlash)
        guard let stream = unsafe fopen(target, "wb") else {
            throw ChildProcess.Failure(description: "cannot write \(target)")
        }
        defer { unsafe fclose(stream) }
        unsafe fwrite(bytes, 1, bytes.count, stream)
    }

    /// All bytes of a file.
    func bytes(of file: String) throws -> [UInt8] {
        guard let stream = unsafe fopen(absolute(file), "rb") else {
            throw ChildProcess.Failure(description: "cannot read \(absolute(file))")
        }
        defer { unsafe fclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe fread(&buffer, 1, buffer.count, stream)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// A file's text.
    func text(of file: String) throws -> String { String(decoding: try bytes(of: file), as: UTF8.self) }

    /// Whether a file or folder is there.
    func has(_ file: String) -> Bool { unsafe access(absolute(file), F_OK) == 0 }

    /// The files below a folder, by `find`.
    func files(below folder: String) throws -> [String] {
        try run("/usr/bin/find", [absolute(folder), "-type", "f"]).text.split(separator: "\n").map { String($0) }
    }
}

extension String {
    fileprivate var withSlash: String { "/" + self }
}

/// What a program answered.
struct Answer: CustomStringConvertible {
    let arguments: [String]
    /// The exit code; 128 and the signal's number where one ended it.
    let status: CInt
    let output: [UInt8]
    let errors: [UInt8]

    /// Standard output.
    var text: String { String(decoding: output, as: UTF8.self) }
    /// Standard error.
    var errorText: String { String(decoding: errors, as: UTF8.self) }

    /// Standard output as the one JSON object that it must be.
    var json: JSONValue { get throws { try JSONValue(parsing: output) } }
    /// Standard output as JSON, a value a line.
    var lines: [JSONValue] {
        get throws { try output.split(separator: 0x0A).map { try JSONValue(parsing: Array($0)) } }
    }
    /// The last line of standard error as the JSON object that it must be; warnings may stand before it.
    var failure: JSONValue {
        get throws { try JSONValue(parsing: Array(errors.split(separator: 0x0A).last ?? [])) }
    }

    /// What was asked and answered, for messages of failed tests.
    var description: String {
        "\(arguments.joined(separator: " ")) → \(status)\n\(text.prefix(2000))\(errorText.prefix(2000))"
    }
}

extension JSONValue {
    /// The names of an object's members in their order.
    var keys: [String] { object?.map(\.name.string) ?? [] }

    /// The member at the end of a path of names; nil where there is none.
    func at(_ path: JSONText...) -> JSONValue? {
        var value: JSONValue? = self
        for name in path { value = value?[name] }
        return value
    }

    /// The text of a member.
    func text(_ name: JSONText) -> String? { self[name]?.string }

    /// The whole number of a member.
    func count(_ name: JSONText) -> Int64? { self[name]?.integer }
}

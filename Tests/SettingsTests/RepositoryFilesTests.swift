import Glibc
import Testing

@testable import Settings

/// The files of this repository that settings come from.
@Suite struct RepositoryFilesTests {
    private let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

    @Test func exampleNamesEveryVariable() throws {
        let bytes = try #require(try Settings.readFile("\(root)/.env.example"))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(try EnvironmentFile.variables(parsing: bytes, path: ".env.example") == [:])
        // Taken without the `#` before each assignment, every line is good and every variable known.
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("#") && !$0.hasPrefix("# ") }.map {
            $0.dropFirst()
        }
        let variables = try EnvironmentFile.variables(
            parsing: Array(lines.joined(separator: "\n").utf8), path: ".env.example")
        #expect(Set(variables.keys) == Set(Setting.allCases.flatMap(\.definition.variables)))
        let settings = try Settings(environment: variables) { path throws(SettingsError) in
            path == ".env" ? nil : Array("{}".utf8)
        }
        #expect(settings.describe().count { $0.origin != .default } == Setting.allCases.count - 2, "empty passwords")
    }

    @Test func projectFileIsGood() throws {
        let settings = try Settings(flags: [.projectFile: "\(root)/config/project.json"], environment: [:]) {
            path throws(SettingsError) in path == ".env" ? nil : try Settings.readFile(path)
        }
        #expect(settings.project.root == root)
        #expect(settings.project.bytes != nil)
    }

    @Test func filesThatCannotBeReadAreNamed() throws {
        #expect(try Settings.readFile("\(root)/no such file") == nil)
        #expect(throws: SettingsError.fileNotReadable(path: "/", call: "read", number: EISDIR)) {
            try Settings.readFile("/")
        }
        #expect(throws: SettingsError.fileNotReadable(path: "/dev/zero", call: "read", number: EINVAL)) {
            try Settings.readFile("/dev/zero")
        }
    }

    @Test func processEnvironmentHoldsKnownVariablesOnly() {
        let known = Set(Setting.allCases.flatMap(\.definition.variables))
        #expect(Set(Settings.processEnvironment().keys).isSubset(of: known))
        #expect(Settings.processEnvironment()["PATH"] == nil)
    }
}

import ObjectStore
import Settings
import Terminal

/// Where a passphrase comes from: a variable, a file or a command; never the command line, which everybody sees.
struct PassphraseSource {
    var text: Secret?
    var file: Secret?
    var command: Secret?
    /// What named the file, for messages.
    let fileOrigin: SettingOrigin
    /// What it is the passphrase of, for messages.
    let purpose: String
    /// The variable that names the command.
    let commandVariable: String

    /// Whether one is set.
    var isSet: Bool { text != nil || file != nil || command != nil }
}

/// Reading secrets.
extension CommandContext {
    /// The passphrase of a source; nil where it names none. The caller wipes it. Throws `key_needed` where it gives none.
    func passphrase(_ source: PassphraseSource) throws -> [UInt8]? {
        let passphrase: [UInt8]
        if let text = source.text {
            passphrase = Array(text.text.utf8)
        } else if let file = source.file {
            passphrase = try firstLine(ofSecretFile: file.text, named: source.fileOrigin.place)
        } else if let command = source.command {
            guard var output = ChildProgram.shellOutput(command.text, limit: KeySlot.passphraseLimit) else {
                throw Failure(
                    code: "key_needed", exit: ExitStatus.key,
                    message: "the command in \(source.commandVariable) failed, so there is no passphrase")
            }
            defer { output.wipe() }
            passphrase = firstLine(output)
        } else {
            return nil
        }
        guard !passphrase.isEmpty else {
            throw Failure(
                code: "key_needed", exit: ExitStatus.key, message: "the passphrase of \(source.purpose) is empty")
        }
        return passphrase
    }

    /// The first line of a file that holds a secret, which `origin` names. The caller wipes it.
    func firstLine(ofSecretFile path: String, named origin: String) throws -> [UInt8] {
        var bytes = try secretFile(path, named: origin)
        defer { bytes.wipe() }
        return firstLine(bytes)
    }

    /// The first line of some bytes: editors end files with a line feed. The caller wipes both.
    private func firstLine(_ bytes: [UInt8]) -> [UInt8] {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return Array(bytes[...]) }
        let line = bytes[..<end]
        return Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
    }

    /// The bytes of a file that holds a secret, which the option, variable or member `origin` names. The caller wipes them.
    /// One that others may read is warned of, and taken all the same: not every disk knows modes. Throws `key_needed` where
    /// it is missing or cannot be read.
    func secretFile(_ path: String, named origin: String) throws -> [UInt8] {
        func failure(_ what: String, _ advice: String) -> Failure {
            Failure(
                code: "key_needed", exit: ExitStatus.key,
                message: "\(what), which \(origin) names: \(advice), or name another file there")
        }
        let bytes: [UInt8]?
        do { bytes = try SecretFile.read(path) } catch {
            throw failure("cannot read \(path) (\(error.cause))", "make it a file that who runs this may read")
        }
        guard let bytes else {
            let advice = "put it back, or mount the disk that it is on"
            guard path.hasPrefix("~") else { throw failure("there is no file \(path)", advice) }
            throw failure("there is no file \(path)", "only a shell makes a home folder of ~, so write the whole path")
        }
        if (try? SecretFile.isOpenToOthers(path)) == true {
            output.warn("\(path) holds a secret and is open to other users of this machine: chmod 600 closes it")
        }
        return bytes
    }

    /// The bytes of a small file that must be there.
    func smallFile(_ path: String) throws -> [UInt8] {
        do {
            guard let bytes = try SecretFile.read(path) else {
                throw Failure(code: "no_such_file", exit: ExitStatus.failure, message: "there is no file \(path)")
            }
            return bytes
        } catch let error as StorageError {
            throw Failure(ofFile: error)
        }
    }
}

extension SettingOrigin {
    /// Where a person goes to change the value: the variable, or what else set it.
    var place: String {
        if case .environment(let variable) = self { variable } else { description }
    }
}

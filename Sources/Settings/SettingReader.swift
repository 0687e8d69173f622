import Configuration
import Synchronization

/// One place that values come from: a provider of swift-configuration, asked with the setting's name as the key.
struct SettingSource {
    let provider: any ConfigProvider
    let origin: (Setting) -> SettingOrigin

    /// Values in memory: flags, a parsed project file.
    static func values(_ values: [Setting: String], origin: @escaping (Setting) -> SettingOrigin) -> SettingSource {
        let pairs = values.map { setting, text in
            (AbsoluteConfigKey([setting.rawValue]), ConfigValue(.string(text), isSecret: setting.isSecret))
        }
        return SettingSource(
            provider: InMemoryProvider(values: Dictionary(uniqueKeysWithValues: pairs)), origin: origin)
    }

    /// Variables, the empty ones left out: a source for every setting's first name, then one for the second names.
    ///
    /// The provider is asked only for variables that are there, and is left out where none is: turning a key into a
    /// variable's name takes most of the time of a look-up.
    static func variables(
        _ variables: [String: String], origin: @escaping (String) -> SettingOrigin
    ) -> [SettingSource] {
        let given = variables.filter { !$0.value.isEmpty }
        let secrets = Setting.allCases.filter(\.isSecret).flatMap(\.definition.variables)
        let environment = EnvironmentVariablesProvider(
            environmentVariables: given, secretsSpecifier: .specific(Set(secrets)))
        let depth = Setting.allCases.map(\.definition.variables.count).max() ?? 0
        return (0..<depth).compactMap { position in
            let name: @Sendable (Setting) -> String? = { setting in
                setting.definition.variables.dropFirst(position).first.flatMap { given[$0] == nil ? nil : $0 }
            }
            guard Setting.allCases.contains(where: { name($0) != nil }) else { return nil }
            let provider = environment.mapKeys { key in
                AbsoluteConfigKey([key.components.first.flatMap(Setting.init).flatMap(name) ?? ""])
            }
            return SettingSource(provider: provider, origin: { origin(name($0) ?? "") })
        }
    }
}

/// A setting's text and where it came from.
struct FoundSetting {
    let text: String
    let origin: SettingOrigin
}

/// Asks the sources in their order, and keeps which one answered.
struct SettingReader {
    private let sources: [SettingSource]
    private let reader: ConfigReader
    private let witness = AccessWitness()
    /// Every setting that was asked for and has a value, the default ones too.
    private(set) var found: [Setting: FoundSetting] = [:]

    /// A reader of at least one source.
    init(_ sources: [SettingSource]) {
        self.sources = sources
        reader = ConfigReader(providers: sources.map(\.provider), accessReporter: witness)
    }

    /// The value of a setting, or nil where nobody sets it and it has no default.
    mutating func optional<Value>(
        _ setting: Setting, _ parse: (Setting.Kind) -> (String) -> Value?
    ) throws(SettingsError) -> Value? {
        guard let answer = text(setting) else { return nil }
        found[setting] = answer
        let kind = setting.definition.kind
        if let value = parse(kind)(answer.text) { return value }
        throw .invalidValue(
            setting, origin: answer.origin, value: setting.isSecret ? nil : answer.text, allowed: kind.allowed)
    }

    /// The value of a setting that has a default.
    mutating func required<Value>(
        _ setting: Setting, _ parse: (Setting.Kind) -> (String) -> Value?
    ) throws(SettingsError) -> Value {
        if let value = try optional(setting, parse) { return value }
        throw .invalidValue(setting, origin: .default, value: nil, allowed: setting.definition.kind.allowed)
    }

    private func text(_ setting: Setting) -> FoundSetting? {
        guard let text = reader.string(forKey: ConfigKey([setting.rawValue]), isSecret: setting.isSecret) else {
            return setting.definition.defaultText.map { FoundSetting(text: $0, origin: .default) }
        }
        // Providers are asked in order up to the one that answers, so the number asked tells which one did.
        return FoundSetting(text: text, origin: sources[witness.providersAsked - 1].origin(setting))
    }
}

/// Notes how many providers the last look-up asked.
private final class AccessWitness: AccessReporter {
    private let count = Mutex(0)

    var providersAsked: Int { count.withLock { $0 } }

    func report(_ event: AccessEvent) { count.withLock { $0 = event.providerResults.count } }
}

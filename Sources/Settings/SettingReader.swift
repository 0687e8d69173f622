import Configuration

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
///
/// It asks the providers themselves: swift-configuration's reader does not tell which one answered, and at its first use
/// copies the whole environment to see whether to log accesses, which takes a third of all that settings take at start.
struct SettingReader {
    private let sources: [SettingSource]
    /// Every setting that was asked for and has a value, the default ones too.
    private(set) var found: [Setting: FoundSetting] = [:]

    /// A reader of sources, the first one first.
    init(_ sources: [SettingSource]) { self.sources = sources }

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
        let key = AbsoluteConfigKey([setting.rawValue])
        for source in sources {
            // All values are texts, so no provider has anything to convert that could fail.
            let answer = try? source.provider.value(forKey: key, type: .string).value?.content
            if case .string(let text) = answer { return FoundSetting(text: text, origin: source.origin(setting)) }
        }
        return setting.definition.defaultText.map { FoundSetting(text: $0, origin: .default) }
    }
}

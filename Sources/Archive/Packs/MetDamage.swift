/// Damage that reading came upon and passed over, each once. One thread at a time.
final class MetDamage {
    private(set) var all: [Archive.Damage] = []
    private var known: Set<Archive.Damage> = []

    func note(_ damage: Archive.Damage) {
        if known.insert(damage).inserted { all.append(damage) }
    }
}

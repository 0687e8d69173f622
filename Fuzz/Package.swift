// swift-tools-version: 6.2
import PackageDescription

/// Fuzz targets, and what else is run by hand, in a package of their own so that a normal build does not compile them.
/// A fuzz target is one file with `LLVMFuzzerTestOneInput`, a corpus folder of the same name and a line below;
/// `scripts/fuzz` builds it alone, as each links libFuzzer's own `main`.
func fuzzTarget(_ name: String, _ rooms: [String]) -> Target {
    .executableTarget(
        name: name, dependencies: rooms.map { .product(name: $0, package: "osrs-archive") },
        path: "Sources/\(name)", swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])])
}

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "osrs-archive", path: "..")],
    targets: [
        fuzzTarget("bundle", ["Backup", "Archive", "ObjectStore", "Hiscores", "CivilTime"]),
        fuzzTarget("canonical-json", ["CanonicalJSON"]),
        fuzzTarget("index-lite", ["Hiscores", "CanonicalJSON", "CivilTime"]),
        fuzzTarget("journal", ["Archive", "ObjectStore", "Hiscores", "CivilTime"]),
        fuzzTarget("pack", ["Archive", "ObjectStore", "CanonicalJSON"]),
        fuzzTarget("row-block", ["ObjectStore"]),
        fuzzTarget("sealed", ["ObjectStore"]),
        fuzzTarget("sealed-journal", ["Archive", "ObjectStore", "Hiscores", "CivilTime"]),
        fuzzTarget("template", ["ObjectStore", "CanonicalJSON"]),
        .executableTarget(
            name: "es6-numbers", dependencies: [.product(name: "CanonicalJSON", package: "osrs-archive")],
            swiftSettings: strict),
    ]
)

// swift-tools-version: 6.2
import PackageDescription

/// What benchmarks need beyond the program itself, in a package of its own so that a normal build does not compile it.
/// `scripts/bench-peers` and `scripts/bench-startup` build the generator and measure.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let rooms = ["SimulatedPlayers", "Hiscores", "CanonicalJSON", "CivilTime"].map {
    Target.Dependency.product(name: $0, package: "osrs-archive")
}

let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(name: "osrs-archive", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    ],
    targets: [
        .target(name: "SimulatedClan", dependencies: rooms, swiftSettings: strict),
        .executableTarget(
            name: "generate-clan",
            dependencies: [
                "SimulatedClan", .product(name: "CivilTime", package: "osrs-archive"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .testTarget(name: "SimulatedClanTests", dependencies: ["SimulatedClan"] + rooms, swiftSettings: strict),
    ]
)

// swift-tools-version: 6.2
import PackageDescription

/// One set of compiler settings for every target: the Swift 6 language mode with strict memory safety,
/// explicit existentials, imports that stay internal unless said otherwise, and warnings as errors.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A room of the house: a target that imports only what stands below it (docs/ARCHITECTURE.md).
func room(_ name: String, _ dependencies: [Target.Dependency], _ more: [SwiftSetting] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict + more)
}

/// For rooms where all the work of a test is done: optimised in debug builds, too, with assertions. The tests take half
/// the time so.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))]

/// The tests of one room.
func tests(of name: String, _ dependencies: [Target.Dependency] = [], fixtures: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, exclude: fixtures,
        swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let httpServer = Target.Dependency.product(name: "FlyingFox", package: "FlyingFox")
let sockets = Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox")

let package = Package(
    name: "osrs-archive",
    products: [
        .executable(name: "osrs-archive", targets: ["osrs-archive"]),
        .executable(name: "hiscores-simulator", targets: ["hiscores-simulator"]),
        // Rooms that the packages in Fuzz/ and Benchmarks/ use.
        .library(name: "CanonicalJSON", targets: ["CanonicalJSON"]),
        .library(name: "CivilTime", targets: ["CivilTime"]),
        .library(name: "Hiscores", targets: ["Hiscores"]),
        .library(name: "ObjectStore", targets: ["ObjectStore"]),
        .library(name: "Archive", targets: ["Archive"]),
        .library(name: "Backup", targets: ["Backup"]),
        .library(name: "SimulatedPlayers", targets: ["SimulatedPlayers"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
    ],
    targets: [
        // C libraries, and a system call that Swift does not see: lowest.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        // pkg-config would name the shared library; the module map names the archive.
        .systemLibrary(name: "CLibcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLinux"),
        .target(name: "CCurl"),
        .target(name: "CEncryption", dependencies: ["CLibcrypto"]),
        .target(name: "CPairedSHA256", dependencies: ["CLibcrypto"]),

        // Rooms, from the ground up.
        room("CivilTime", [], optimised),
        room("CanonicalJSON", [], optimised),
        room("Threads", ["CLinux"]),
        room("Terminal", ["Threads"]),
        room("Hiscores", ["CanonicalJSON", "CivilTime"], optimised),
        room("ObjectStore", ["CZlib", "CLibcrypto", "CPairedSHA256", "CEncryption"], optimised),
        room("Archive", ["ObjectStore", "Hiscores", "CanonicalJSON", "CivilTime", "Threads"], optimised),
        room("Scribe", ["CanonicalJSON", "CivilTime"]),
        room("Diffing", ["Hiscores", "CanonicalJSON"]),
        room("HiscoresClient", ["CCurl", "Hiscores", "CanonicalJSON", "CivilTime"]),
        room("Reporting", ["Diffing", "Archive", "ObjectStore", "Hiscores", "CanonicalJSON", "CivilTime"]),
        room(
            "Capture",
            [
                "HiscoresClient", "Diffing", "Archive", "ObjectStore", "Hiscores", "CanonicalJSON", "CivilTime",
                "Threads",
            ]),
        room("Backup", ["Archive", "ObjectStore", "Hiscores", "CanonicalJSON", "CivilTime"]),
        room("Settings", ["CanonicalJSON", configuration]),
        .executableTarget(
            name: "osrs-archive",
            dependencies: [
                "Backup", "Capture", "Reporting", "Diffing", "Scribe", "Settings", "Archive", "ObjectStore",
                "HiscoresClient", "Hiscores", "CanonicalJSON", "CivilTime", "Threads", "Terminal",
                argumentParser, logging,
            ],
            swiftSettings: strict),

        // The simulated service, for the demo, the tests and the benchmarks.
        room("SimulatedPlayers", ["Hiscores", "CanonicalJSON", "CivilTime"], optimised),
        room("HiscoresSimulator", ["SimulatedPlayers", "Hiscores", "CanonicalJSON", "CivilTime", httpServer, sockets]),
        .executableTarget(
            name: "hiscores-simulator",
            dependencies: ["HiscoresSimulator", "SimulatedPlayers", "CivilTime", argumentParser],
            swiftSettings: strict),

        // Tests.
        .target(
            name: "TestSupport", dependencies: ["ObjectStore", "CivilTime"], path: "Tests/TestSupport",
            swiftSettings: strict),
        tests(of: "CivilTime"),
        tests(of: "CanonicalJSON", ["TestSupport"]),
        tests(of: "Hiscores", ["CanonicalJSON", "CivilTime", "TestSupport"]),
        tests(of: "Terminal", ["TestSupport"]),
        tests(of: "Threads", ["TestSupport"]),
        tests(of: "ObjectStore", ["CLibcrypto", "CanonicalJSON", "TestSupport"]),
        tests(
            of: "Archive", ["ObjectStore", "Hiscores", "CanonicalJSON", "CivilTime", "TestSupport"],
            fixtures: ["Fixtures"]),
        tests(of: "Scribe", ["CivilTime", "Threads", "TestSupport"]),
        tests(of: "Diffing", ["Hiscores", "CanonicalJSON", "TestSupport"]),
        tests(of: "HiscoresClient", ["Hiscores", "CivilTime", "TestSupport"]),
        tests(
            of: "Reporting",
            ["Diffing", "Archive", "ObjectStore", "Hiscores", "CanonicalJSON", "CivilTime", "TestSupport"]),
        tests(
            of: "Capture",
            ["HiscoresClient", "Archive", "ObjectStore", "Hiscores", "CanonicalJSON", "CivilTime", "TestSupport"]),
        tests(
            of: "Backup",
            ["Archive", "ObjectStore", "Hiscores", "CanonicalJSON", "CivilTime", "TestSupport"]),
        tests(of: "Settings", ["TestSupport"]),
        tests(of: "SimulatedPlayers", ["Hiscores", "CanonicalJSON", "CivilTime"]),
        tests(
            of: "HiscoresSimulator", ["SimulatedPlayers", "Hiscores", "CanonicalJSON", "CivilTime", "TestSupport"]),
        .testTarget(
            name: "DocumentationTests",
            dependencies: ["Archive", "ObjectStore", "Hiscores", "CanonicalJSON", "CivilTime", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "CommandLineTests",
            dependencies: ["osrs-archive", "HiscoresSimulator", "hiscores-simulator", "CanonicalJSON", "TestSupport"],
            swiftSettings: strict),
    ]
)

import CanonicalJSON
import Testing

@testable import Diffing

@Suite("Applying a JSON patch")
struct PatchApplicationTests {
    private func failure(_ patch: String, on document: String) -> PatchError? {
        do {
            let document = try JSONValue(parsing: Array(document.utf8))
            _ = try JSONPatch(parsing: JSONValue(parsing: Array(patch.utf8))).apply(to: document)
            return nil
        } catch {
            return error as? PatchError
        }
    }

    @Test("A failure names the operation, the place and the reason")
    func failureNamesOperationAndPlace() {
        let patch = #"[{"op":"add","path":"/a","value":1},{"op":"remove","path":"/b/c~1d"}]"#
        let error = failure(patch, on: #"{"b":{}}"#)
        #expect(error == PatchError(.notFound, operation: 1, place: "/b/c~1d"))
        #expect(error?.description == #"operation 1 of the patch, "/b/c~1d": the document has nothing there"#)
    }

    @Test(
        "Each kind of failure has its code",
        arguments: [
            (#"{}"#, PatchError.Code.notAPatch), (#"[1]"#, .notAPatch),
            (#"[{"op":"remove"}]"#, .invalidMember), (#"[{"op":1,"path":""}]"#, .invalidMember),
            (#"[{"op":"add","path":"/x","value":1,"value":2}]"#, .invalidMember),
            (#"[{"op":"merge","path":""}]"#, .unknownOperation), (#"[{"op":"remove","path":"a"}]"#, .invalidPointer),
            (#"[{"op":"remove","path":"/a/3"}]"#, .notFound), (#"[{"op":"remove","path":"/a/-"}]"#, .notFound),
            (#"[{"op":"add","path":"/a/01","value":1}]"#, .invalidIndex),
            (#"[{"op":"add","path":"/a/99999999999999999999","value":1}]"#, .invalidIndex),
            (#"[{"op":"add","path":"/n/x","value":1}]"#, .notAContainer),
            (#"[{"op":"remove","path":""}]"#, .rootRemoved),
            (#"[{"op":"move","from":"/a","path":"/a/0"}]"#, .movedIntoItself),
            (#"[{"op":"test","path":"/n","value":"1"}]"#, .testFailed),
        ])
    func codes(patch: String, code: PatchError.Code) {
        #expect(failure(patch, on: #"{"a":[1,2,3],"n":1}"#)?.code == code, "\(patch)")
    }

    @Test("Moving a missing value onto itself fails; moving one to a longer name with the same beginning does not")
    func moves() {
        #expect(failure(#"[{"op":"move","from":"/x","path":"/x"}]"#, on: "{}")?.code == .notFound)
        #expect(failure(#"[{"op":"move","from":"/a","path":"/ab"}]"#, on: #"{"a":1}"#) == nil)
    }

    @Test("A patch is written as it was read")
    func documentRoundTrip() throws {
        let text =
            #"[{"op":"add","path":"/a","value":null},{"op":"remove","path":"/b~1~0"},{"op":"replace","path":"","value":{}},"#
            + #"{"op":"move","path":"/d","from":"/c"},{"op":"copy","path":"/f","from":"/e"},"#
            + #"{"op":"test","path":"/g/0","value":[1]}]"#
        let value = try JSONValue(parsing: Array(text.utf8))
        let patch = try JSONPatch(parsing: value)
        #expect(patch.operations.count == 6)
        #expect(try patch.document.canonicalBytes() == value.canonicalBytes())
    }
}

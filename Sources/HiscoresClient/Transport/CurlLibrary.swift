import CCurl

/// libcurl, opened once a process and never closed: threads of its TLS library may outlive any use of it.
///
/// The pointer is to a table of functions that is written before anyone sees it and never again, and libcurl may be
/// called from any thread with handles of its own: so it can be shared (`@unchecked`).
@safe struct CurlLibrary: @unchecked Sendable {
    /// The library's name since 2006; a build of it with other symbols would have another one.
    static let name = "libcurl.so.4"

    /// The library, opened by whoever asks first (the language runs this once, whatever the number of threads), or
    /// why it cannot be.
    static let shared = Result { () throws(OpenError) in try CurlLibrary(named: name) }

    /// Why it cannot be opened, in the words of the dynamic linker.
    struct OpenError: Error, Hashable {
        let detail: String
    }

    private let functions: OpaquePointer

    /// Opens a library by name, as `dlopen` finds it.
    init(named name: String) throws(OpenError) {
        var message = [CChar](repeating: 0, count: 512)
        guard let functions = unsafe osrs_curl_open(name, &message, message.count) else {
            throw OpenError(
                detail: String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
        }
        unsafe self.functions = functions
    }

    /// A handle of its own; nil without memory.
    func makeHandle() -> CurlHandle? {
        guard let transfer = unsafe osrs_curl_transfer_create(functions) else { return nil }
        return unsafe CurlHandle(owning: transfer)
    }
}

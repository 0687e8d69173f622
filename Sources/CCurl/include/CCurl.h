// HTTP GET through libcurl, opened with dlopen at the first request.
//
// Linked, libcurl drags some thirty libraries into every start of the program; opened when it is needed, it costs
// nothing until then. curl_easy_setopt is variadic, so Swift could not call it anyway. The calls stand here, behind
// functions with plain types.
#ifndef OSRS_ARCHIVE_CCURL_H
#define OSRS_ARCHIVE_CCURL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The functions of one libcurl.
typedef struct osrs_curl osrs_curl;

/// One easy handle (and its open connections), with the buffers of its last answer.
typedef struct osrs_curl_transfer osrs_curl_transfer;

/// One GET.
typedef struct {
    const char *_Nonnull url;
    const char *_Nonnull user_agent;
    /// Milliseconds until the connection, TLS included, must stand.
    long connect_timeout_ms;
    /// Milliseconds until the whole answer must have arrived.
    long total_timeout_ms;
    /// Bytes of decoded body that are kept at most; a longer body ends the transfer.
    size_t body_limit;
} osrs_curl_request;

/// What came of it. The pointers belong to the transfer and hold until its next request.
typedef struct {
    /// The CURLcode; 0 is success.
    int code;
    /// The status code of the last answer, or 0 where none arrived.
    long status;
    /// Milliseconds of a monotonic clock from the start of the request to its end.
    int64_t elapsed_ms;
    /// The header lines of the last answer, its status line first, as served.
    const uint8_t *_Nullable headers;
    size_t header_count;
    /// The body, decoded, as far as it was read.
    const uint8_t *_Nullable body;
    size_t body_count;
    /// Whether the body was longer than `body_limit`.
    bool body_over_limit;
    /// libcurl's words for an error; empty on success.
    const char *_Nonnull message;
} osrs_curl_answer;

/// Opens a libcurl by its library name and starts it up. It stays open for the life of the process.
///
/// NULL where the library or one of its functions is missing, with the reason in `message`. Call it once: libcurl
/// older than 7.84 starts up safely on one thread only.
osrs_curl *_Nullable osrs_curl_open(const char *_Nonnull name, char *_Nonnull message, size_t message_size);

/// A transfer of its own, for one thread at a time; NULL without memory.
osrs_curl_transfer *_Nullable osrs_curl_transfer_create(const osrs_curl *_Nonnull curl);

/// Closes the connections and frees everything.
void osrs_curl_transfer_free(osrs_curl_transfer *_Nonnull transfer);

/// Runs one GET to its end and blocks meanwhile. Only HTTP and HTTPS, redirects not followed, no cookies, no .netrc,
/// no HTTP/0.9; proxies from the environment as curl takes them; the connection is kept for the next request.
osrs_curl_answer osrs_curl_get(osrs_curl_transfer *_Nonnull transfer, const osrs_curl_request *_Nonnull request);

#endif

// One GET after the other on one easy handle.
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "abi.h"
#include "include/CCurl.h"

// The header lines of one answer; a service that sends more is not the hiscores.
static const size_t header_limit = 64 * 1024;

struct buffer {
    uint8_t *bytes;
    size_t count;
    size_t capacity;
};

struct osrs_curl_transfer {
    const osrs_curl *curl;
    CURL *easy;
    struct buffer headers;
    struct buffer body;
    size_t body_limit;
    bool body_over_limit;
    bool out_of_memory;
    char message[CURL_ERROR_SIZE];
};

// Appends up to `limit` bytes in all. False when something was left out, and when memory is short.
static bool append(struct buffer *buffer, const char *bytes, size_t count, size_t limit, bool *out_of_memory) {
    size_t room = limit - buffer->count;
    size_t taken = count < room ? count : room;
    size_t needed = buffer->count + taken;
    if (needed > buffer->capacity) {
        size_t capacity = buffer->capacity < 16 * 1024 ? 16 * 1024 : buffer->capacity;
        while (capacity < needed) capacity = capacity > limit / 2 ? limit : capacity * 2;
        uint8_t *grown = realloc(buffer->bytes, capacity);
        if (grown == NULL) {
            *out_of_memory = true;
            return false;
        }
        buffer->bytes = grown;
        buffer->capacity = capacity;
    }
    if (taken > 0) memcpy(buffer->bytes + buffer->count, bytes, taken);
    buffer->count = needed;
    return taken == count;
}

// curl_write_callback. `size` is always 1; any result other than the count ends the transfer with CURLE_WRITE_ERROR.
static size_t receive_body(char *bytes, size_t size, size_t count, void *context) {
    osrs_curl_transfer *transfer = context;
    if (append(&transfer->body, bytes, size * count, transfer->body_limit, &transfer->out_of_memory))
        return size * count;
    transfer->body_over_limit = !transfer->out_of_memory;
    return 0;
}

// The same for header lines, which come whole. A status line begins a new answer (after 100 Continue, say).
static size_t receive_header(char *bytes, size_t size, size_t count, void *context) {
    osrs_curl_transfer *transfer = context;
    size_t length = size * count;
    if (length >= 5 && memcmp(bytes, "HTTP/", 5) == 0) transfer->headers.count = 0;
    return append(&transfer->headers, bytes, length, header_limit, &transfer->out_of_memory) ? length : 0;
}

// Told to raise no signals, libcurl leaves SIGPIPE to its caller, and a TLS library may write to a socket that the
// other side has closed. These two hold the signal back on this thread, and drop one that arose meanwhile.
struct held_signal {
    sigset_t previous;
    bool was_pending;
};

static void hold_sigpipe(struct held_signal *held) {
    sigset_t pipe_alone, pending;
    sigemptyset(&pipe_alone);
    sigaddset(&pipe_alone, SIGPIPE);
    sigpending(&pending);
    held->was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_alone, &held->previous);
}

static void release_sigpipe(const struct held_signal *held) {
    sigset_t pipe_alone;
    sigemptyset(&pipe_alone);
    sigaddset(&pipe_alone, SIGPIPE);
    const struct timespec at_once = {0, 0};
    if (!held->was_pending) sigtimedwait(&pipe_alone, NULL, &at_once);
    pthread_sigmask(SIG_SETMASK, &held->previous, NULL);
}

osrs_curl_transfer *osrs_curl_transfer_create(const osrs_curl *curl) {
    osrs_curl_transfer *transfer = calloc(1, sizeof *transfer);
    if (transfer == NULL) return NULL;
    transfer->curl = curl;
    transfer->easy = curl->easy_init();
    if (transfer->easy == NULL) {
        free(transfer);
        return NULL;
    }
    return transfer;
}

void osrs_curl_transfer_free(osrs_curl_transfer *transfer) {
    struct held_signal held;
    hold_sigpipe(&held);
    transfer->curl->easy_cleanup(transfer->easy);
    release_sigpipe(&held);
    free(transfer->headers.bytes);
    free(transfer->body.bytes);
    free(transfer);
}

static CURLcode configure(osrs_curl_transfer *transfer, const osrs_curl_request *request) {
    const osrs_curl *curl = transfer->curl;
    CURL *easy = transfer->easy;
    curl->easy_reset(easy);  // Options only: connections stay open.
    CURLcode code = curl->easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->message);
    if (code == CURLE_OK) code = curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (code == CURLE_UNKNOWN_OPTION)
        code = curl->easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
    if (code == CURLE_OK) code = curl->easy_setopt(easy, CURLOPT_URL, request->url);
    if (code == CURLE_OK) code = curl->easy_setopt(easy, CURLOPT_USERAGENT, request->user_agent);
    if (code == CURLE_OK) code = curl->easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    if (code == CURLE_OK) code = curl->easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    if (code == CURLE_OK) code = curl->easy_setopt(easy, CURLOPT_NETRC, 0L);
    if (code == CURLE_OK) code = curl->easy_setopt(easy, CURLOPT_HTTP09_ALLOWED, 0L);
    if (code == CURLE_OK) code = curl->easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (code == CURLE_OK) code = curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    if (code == CURLE_OK) code = curl->easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    if (code == CURLE_OK) code = curl->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, request->connect_timeout_ms);
    if (code == CURLE_OK) code = curl->easy_setopt(easy, CURLOPT_TIMEOUT_MS, request->total_timeout_ms);
    if (code == CURLE_OK) code = curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive_body);
    if (code == CURLE_OK) code = curl->easy_setopt(easy, CURLOPT_WRITEDATA, (void *)transfer);
    if (code == CURLE_OK) code = curl->easy_setopt(easy, CURLOPT_HEADERFUNCTION, receive_header);
    if (code == CURLE_OK) code = curl->easy_setopt(easy, CURLOPT_HEADERDATA, (void *)transfer);
    return code;
}

static int64_t monotonic_milliseconds(void) {
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

osrs_curl_answer osrs_curl_get(osrs_curl_transfer *transfer, const osrs_curl_request *request) {
    transfer->headers.count = 0;
    transfer->body.count = 0;
    transfer->body_limit = request->body_limit;
    transfer->body_over_limit = false;
    transfer->out_of_memory = false;
    transfer->message[0] = '\0';

    long status = 0;
    int64_t start = monotonic_milliseconds();
    CURLcode code = configure(transfer, request);
    if (code == CURLE_OK) {
        struct held_signal held;
        hold_sigpipe(&held);
        code = transfer->curl->easy_perform(transfer->easy);
        release_sigpipe(&held);
        transfer->curl->easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    }
    if (transfer->out_of_memory) code = CURLE_OUT_OF_MEMORY;
    return (osrs_curl_answer){
        .code = code,
        .status = status,
        .elapsed_ms = monotonic_milliseconds() - start,
        .headers = transfer->headers.bytes,
        .header_count = transfer->headers.count,
        .body = transfer->body.bytes,
        .body_count = transfer->body.count,
        .body_over_limit = transfer->body_over_limit,
        .message = code == CURLE_OK || transfer->message[0] != '\0' ? transfer->message
                                                                    : transfer->curl->easy_strerror(code),
    };
}

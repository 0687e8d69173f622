// The part of libcurl's ABI that is used here.
//
// Written down instead of included, so that a build needs no development package. The numbers are fixed for good: the
// library has been libcurl.so.4 since 2006, an option never changes its number or type (libcurl's docs/INTERNALS and
// include/curl/curl.h, "CURLOPTTYPE_*": the type is the number's ten-thousands).
#ifndef OSRS_ARCHIVE_CURL_ABI_H
#define OSRS_ARCHIVE_CURL_ABI_H

#include <stddef.h>

typedef void CURL;
typedef int CURLcode;

enum {
    CURL_GLOBAL_ALL = 3,
    CURL_ERROR_SIZE = 256,
    CURLPROTO_HTTP = 1,
    CURLPROTO_HTTPS = 2,
};

// CURLcode values.
enum {
    CURLE_OK = 0,
    CURLE_OUT_OF_MEMORY = 27,
    CURLE_UNKNOWN_OPTION = 48,
};

// Options that take a long: 0 + n.
enum {
    CURLOPT_NETRC = 51,
    CURLOPT_FOLLOWLOCATION = 52,
    CURLOPT_HTTPGET = 80,
    CURLOPT_NOSIGNAL = 99,
    CURLOPT_TIMEOUT_MS = 155,
    CURLOPT_CONNECTTIMEOUT_MS = 156,
    CURLOPT_PROTOCOLS = 181,
    CURLOPT_SUPPRESS_CONNECT_HEADERS = 265,  // 7.54.0
    CURLOPT_HTTP09_ALLOWED = 285,            // 7.64.0
};

// Options that take a pointer: 10000 + n.
enum {
    CURLOPT_WRITEDATA = 10001,
    CURLOPT_URL = 10002,
    CURLOPT_ERRORBUFFER = 10010,
    CURLOPT_USERAGENT = 10018,
    CURLOPT_HEADERDATA = 10029,
    CURLOPT_ACCEPT_ENCODING = 10102,
    CURLOPT_PROTOCOLS_STR = 10318,  // 7.85.0
};

// Options that take a function: 20000 + n.
enum {
    CURLOPT_WRITEFUNCTION = 20011,
    CURLOPT_HEADERFUNCTION = 20079,
};

// Information that is a long: 0x200000 + n.
enum {
    CURLINFO_RESPONSE_CODE = 0x200002,
};

struct osrs_curl {
    CURLcode (*global_init)(long flags);
    CURL *(*easy_init)(void);
    void (*easy_reset)(CURL *easy);
    void (*easy_cleanup)(CURL *easy);
    CURLcode (*easy_setopt)(CURL *easy, int option, ...);
    CURLcode (*easy_getinfo)(CURL *easy, int info, ...);
    CURLcode (*easy_perform)(CURL *easy);
    const char *(*easy_strerror)(CURLcode code);
};

#endif

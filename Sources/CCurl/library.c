// Opening libcurl.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "abi.h"
#include "include/CCurl.h"

osrs_curl *osrs_curl_open(const char *name, char *message, size_t message_size) {
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        const char *reason = dlerror();
        snprintf(message, message_size, "%s", reason != NULL ? reason : name);
        return NULL;
    }
    osrs_curl *curl = calloc(1, sizeof *curl);
    if (curl == NULL) {
        snprintf(message, message_size, "out of memory");
        dlclose(library);
        return NULL;
    }
    // POSIX lets dlsym's result be stored through a void pointer; ISO C has no conversion to a function pointer.
    const struct {
        const char *symbol;
        void *slot;
    } functions[] = {
        {"curl_global_init", &curl->global_init},   {"curl_easy_init", &curl->easy_init},
        {"curl_easy_reset", &curl->easy_reset},     {"curl_easy_cleanup", &curl->easy_cleanup},
        {"curl_easy_setopt", &curl->easy_setopt},   {"curl_easy_getinfo", &curl->easy_getinfo},
        {"curl_easy_perform", &curl->easy_perform}, {"curl_easy_strerror", &curl->easy_strerror},
    };
    for (size_t index = 0; index < sizeof functions / sizeof functions[0]; index++) {
        void *address = dlsym(library, functions[index].symbol);
        if (address == NULL) {
            snprintf(message, message_size, "%s has no function %s", name, functions[index].symbol);
            free(curl);
            dlclose(library);
            return NULL;
        }
        *(void **)functions[index].slot = address;
    }
    CURLcode code = curl->global_init(CURL_GLOBAL_ALL);
    if (code != CURLE_OK) {
        snprintf(message, message_size, "%s does not start: %s", name, curl->easy_strerror(code));
        free(curl);
        return NULL;  // Not closed: what global_init has begun may still run.
    }
    return curl;
}

// What the system gives: random bytes, and memory for secrets.
#define _GNU_SOURCE
#include <errno.h>
#include <openssl/crypto.h>
#include <sys/mman.h>
#include <sys/random.h>

#include "include/CEncryption.h"

bool osrs_random(uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t got = getrandom(bytes, count, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        bytes += got;
        count -= (size_t)got;
    }
    return true;
}

static const size_t page_size = 4096;

uint8_t *osrs_secret_page(void) {
    void *page = mmap(NULL, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return NULL;
    // Both are wishes: a process may lock a few pages only, and an old kernel knows less advice.
    mlock(page, page_size);
    madvise(page, page_size, MADV_DONTDUMP);
    return page;
}

void osrs_secret_page_free(uint8_t *page) {
    OPENSSL_cleanse(page, page_size);
    munmap(page, page_size);  // Unlocks it too.
}

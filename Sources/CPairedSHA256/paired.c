#define OPENSSL_SUPPRESS_DEPRECATED
#include "CPairedSHA256.h"

#include <openssl/sha.h>

static _Bool one_by_one(const uint8_t *first, size_t first_count, const uint8_t *second, size_t second_count,
                        uint8_t *first_digest, uint8_t *second_digest) {
    return SHA256(first, first_count, first_digest) != NULL && SHA256(second, second_count, second_digest) != NULL;
}

#if defined(__x86_64__)
#include <cpuid.h>
#include <limits.h>
#include <stdatomic.h>
#include <string.h>

// What libcrypto hashes several TLS records with (crypto/sha/asm/sha256-mb-x86_64.pl; its callers are the ciphers that
// carry an HMAC). No header names it, but it has had this form since OpenSSL 1.0.2. A libcrypto without it fails to
// link; one with another form fails the test that compares the digests.
enum { LANES = 8, BLOCK = 64, DIGEST_WORDS = 8 };

typedef struct {
    /// The eight words of the state, each for all lanes.
    uint32_t words[DIGEST_WORDS][LANES];
} lanes_state;

typedef struct {
    const uint8_t *bytes;
    int blocks;
} lane_input;

/// Takes whole blocks into the lanes of `groups` groups of four.
void sha256_multi_block(lanes_state *state, const lane_input *inputs, int groups);

/// Whether the processor has SHA instructions. Without them two lanes are no faster than two texts in turn.
static _Bool has_instructions(void) {
    // 0: not asked yet, 1: no, 2: yes. Threads that ask at once find the same.
    static atomic_int known;
    int answer = atomic_load_explicit(&known, memory_order_relaxed);
    if (answer == 0) {
        unsigned a, b = 0, c, d;
        answer = __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1) ? 2 : 1;
        atomic_store_explicit(&known, answer, memory_order_relaxed);
    }
    return answer == 2;
}

/// Writes what is left behind the whole blocks, and the padding (FIPS 180-4, 5.1.1); how many blocks that is.
static int pad(const uint8_t *bytes, size_t count, uint8_t tail[2 * BLOCK]) {
    size_t left = count % BLOCK;
    int blocks = left < BLOCK - 8 ? 1 : 2;
    memset(tail, 0, 2 * BLOCK);
    if (left > 0) memcpy(tail, bytes + (count - left), left);
    tail[left] = 0x80;
    uint64_t bits = (uint64_t)count * 8;
    for (int index = 0; index < 8; index++) tail[blocks * BLOCK - 1 - index] = (uint8_t)(bits >> 8 * index);
    return blocks;
}

static void write_digest(const lanes_state *state, int lane, uint8_t *digest) {
    for (int word = 0; word < DIGEST_WORDS; word++) {
        uint32_t bits = state->words[word][lane];
        for (int index = 0; index < 4; index++) digest[4 * word + index] = (uint8_t)(bits >> (24 - 8 * index));
    }
}

_Bool osrs_sha256_pair(const uint8_t *first, size_t first_count, const uint8_t *second, size_t second_count,
                       uint8_t *first_digest, uint8_t *second_digest) {
    if (first_count / BLOCK > INT_MAX || second_count / BLOCK > INT_MAX || !has_instructions()) {
        return one_by_one(first, first_count, second, second_count, first_digest, second_digest);
    }
    static const uint32_t start[DIGEST_WORDS] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    _Alignas(32) lanes_state state;
    for (int word = 0; word < DIGEST_WORDS; word++) {
        for (int lane = 0; lane < LANES; lane++) state.words[word][lane] = start[word];
    }
    uint8_t tails[2][2 * BLOCK];
    lane_input whole[4] = {{first, (int)(first_count / BLOCK)}, {second, (int)(second_count / BLOCK)}};
    lane_input ends[4] = {{tails[0], pad(first, first_count, tails[0])}, {tails[1], pad(second, second_count, tails[1])}};
    sha256_multi_block(&state, whole, 1);
    sha256_multi_block(&state, ends, 1);
    write_digest(&state, 0, first_digest);
    write_digest(&state, 1, second_digest);
    return 1;
}
#else
_Bool osrs_sha256_pair(const uint8_t *first, size_t first_count, const uint8_t *second, size_t second_count,
                       uint8_t *first_digest, uint8_t *second_digest) {
    return one_by_one(first, first_count, second, second_count, first_digest, second_digest);
}
#endif

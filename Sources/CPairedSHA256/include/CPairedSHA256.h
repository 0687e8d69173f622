// The SHA-256 of two texts at a time, by libcrypto's own code.
//
// The processor's SHA instructions wait for one another within a text, so a second text in step costs hardly more.
#ifndef OSRS_ARCHIVE_CPAIREDSHA256_H
#define OSRS_ARCHIVE_CPAIREDSHA256_H

#include <stddef.h>
#include <stdint.h>

/// Writes the digests of both texts, 32 bytes each. False where libcrypto refuses.
_Bool osrs_sha256_pair(const uint8_t *_Nullable first, size_t first_count, const uint8_t *_Nullable second,
                       size_t second_count, uint8_t *_Nonnull first_digest, uint8_t *_Nonnull second_digest);

#endif

// Encryption by libcrypto's EVP, behind functions with plain types.
//
// EVP's parameters are arrays of tagged pointers and its contexts have several owners, so its calls stand here. All
// functions that return bool return false where libcrypto refuses or memory is short; nothing is written to an output
// that counts then.
#ifndef OSRS_ARCHIVE_CENCRYPTION_H
#define OSRS_ARCHIVE_CENCRYPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OSRS_GCM_KEY = 32, OSRS_GCM_NONCE = 12, OSRS_GCM_TAG = 16 };

/// AES-256-GCM under one key (NIST SP 800-38D), for one thread at a time.
typedef struct osrs_gcm osrs_gcm;

/// NULL without memory. The key is copied.
osrs_gcm *_Nullable osrs_gcm_create(const uint8_t *_Nonnull key);
/// Wipes the key.
void osrs_gcm_free(osrs_gcm *_Nonnull gcm);
/// Writes `count` bytes and the tag. `count` is at most 2^30, and `data_count` too.
bool osrs_gcm_seal(osrs_gcm *_Nonnull gcm, const uint8_t *_Nonnull nonce, const uint8_t *_Nullable data,
                   size_t data_count, const uint8_t *_Nullable plain, size_t count, uint8_t *_Nonnull sealed);
/// Writes `count` bytes where the tag behind them is theirs; otherwise wipes what was written and returns false.
bool osrs_gcm_open(osrs_gcm *_Nonnull gcm, const uint8_t *_Nonnull nonce, const uint8_t *_Nullable data,
                   size_t data_count, const uint8_t *_Nonnull sealed, size_t count, uint8_t *_Nullable plain);

/// HMAC-SHA-256 under one key (RFC 2104), for one thread at a time.
typedef struct osrs_hmac osrs_hmac;

/// NULL without memory. The key is copied.
osrs_hmac *_Nullable osrs_hmac_create(const uint8_t *_Nonnull key, size_t count);
/// Wipes the key.
void osrs_hmac_free(osrs_hmac *_Nonnull hmac);
/// Writes the 32 bytes of the code.
bool osrs_hmac_code(osrs_hmac *_Nonnull hmac, const uint8_t *_Nullable bytes, size_t count, uint8_t *_Nonnull code);

/// HKDF-Extract (RFC 5869): writes one digest, of SHA-512 or SHA-256.
bool osrs_hkdf_extract(bool sha512, const uint8_t *_Nullable salt, size_t salt_count, const uint8_t *_Nonnull key,
                       size_t key_count, uint8_t *_Nonnull output);
/// HKDF-Expand (RFC 5869). `info` is at most 1024 bytes.
bool osrs_hkdf_expand(bool sha512, const uint8_t *_Nonnull key, size_t key_count, const uint8_t *_Nullable info,
                      size_t info_count, uint8_t *_Nonnull output, size_t count);

/// scrypt (RFC 7914), in at most `memory_limit` bytes.
bool osrs_scrypt(const uint8_t *_Nullable passphrase, size_t passphrase_count, const uint8_t *_Nonnull salt,
                 size_t salt_count, uint64_t n, uint32_t r, uint32_t p, uint64_t memory_limit,
                 uint8_t *_Nonnull output, size_t count);

/// The 32-byte public key of an X25519 private key (RFC 7748).
bool osrs_x25519_public(const uint8_t *_Nonnull private_key, uint8_t *_Nonnull public_key);
/// The 32-byte shared secret; false where it would be all zero.
bool osrs_x25519_shared(const uint8_t *_Nonnull private_key, const uint8_t *_Nonnull public_key,
                        uint8_t *_Nonnull shared);

/// The 32-byte public key of an Ed25519 seed (RFC 8032).
bool osrs_ed25519_public(const uint8_t *_Nonnull seed, uint8_t *_Nonnull public_key);
/// The 64-byte signature of a message.
bool osrs_ed25519_sign(const uint8_t *_Nonnull seed, const uint8_t *_Nullable message, size_t count,
                       uint8_t *_Nonnull signature);
/// Whether a 64-byte signature is the key's, of this message.
bool osrs_ed25519_verify(const uint8_t *_Nonnull public_key, const uint8_t *_Nullable message, size_t count,
                         const uint8_t *_Nonnull signature);

/// Bytes from the system's generator (getrandom).
bool osrs_random(uint8_t *_Nonnull bytes, size_t count);
/// Whether two stretches are equal, in a time that does not depend on their bytes.
bool osrs_equal(const uint8_t *_Nonnull left, const uint8_t *_Nonnull right, size_t count);
/// Overwrites bytes, whatever the optimiser thinks of it.
void osrs_wipe(void *_Nonnull bytes, size_t count);

/// A page for secrets, kept out of swap and core files as far as the system allows; NULL without memory.
uint8_t *_Nullable osrs_secret_page(void);
/// Wipes the page and gives it back.
void osrs_secret_page_free(uint8_t *_Nonnull page);

#endif

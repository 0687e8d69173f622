// Ciphers, codes, derivations and keys through EVP.
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <string.h>

#include "include/CEncryption.h"

// Before the first call into EVP: no configuration file, no lists that nobody asks for, nothing to do at exit.
static bool start(void) {
    return OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS |
                                   OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_ADD_ALL_DIGESTS |
                                   OPENSSL_INIT_NO_ATEXIT,
                               NULL) == 1;
}

// EVP_CIPHER_CTX and EVP_MAC_CTX under names of ours.
static EVP_CIPHER_CTX *cipher_context(osrs_gcm *gcm) { return (EVP_CIPHER_CTX *)gcm; }
static EVP_MAC_CTX *mac_context(osrs_hmac *hmac) { return (EVP_MAC_CTX *)hmac; }

osrs_gcm *osrs_gcm_create(const uint8_t *key) {
    if (!start()) return NULL;
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    bool made = cipher != NULL && context != NULL && EVP_EncryptInit_ex2(context, cipher, key, NULL, NULL) == 1;
    EVP_CIPHER_free(cipher);  // The context holds it.
    if (made) return (osrs_gcm *)context;
    EVP_CIPHER_CTX_free(context);
    return NULL;
}

void osrs_gcm_free(osrs_gcm *gcm) { EVP_CIPHER_CTX_free(cipher_context(gcm)); }

// Sets the nonce and takes in the additional data; the key stays.
static bool begin(EVP_CIPHER_CTX *context, int encrypt, const uint8_t *nonce, const uint8_t *data, size_t data_count) {
    int written = 0;
    return EVP_CipherInit_ex2(context, NULL, NULL, nonce, encrypt, NULL) == 1 &&
           (data_count == 0 || EVP_CipherUpdate(context, NULL, &written, data, (int)data_count) == 1);
}

static const size_t gcm_limit = (size_t)1 << 30;

bool osrs_gcm_seal(osrs_gcm *gcm, const uint8_t *nonce, const uint8_t *data, size_t data_count, const uint8_t *plain,
                   size_t count, uint8_t *sealed) {
    EVP_CIPHER_CTX *context = cipher_context(gcm);
    int written = 0, rest = 0;
    return count <= gcm_limit && data_count <= gcm_limit && begin(context, 1, nonce, data, data_count) &&
           (count == 0 || EVP_CipherUpdate(context, sealed, &written, plain, (int)count) == 1) &&
           EVP_CipherFinal_ex(context, sealed + count, &rest) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, OSRS_GCM_TAG, sealed + count) == 1;
}

bool osrs_gcm_open(osrs_gcm *gcm, const uint8_t *nonce, const uint8_t *data, size_t data_count, const uint8_t *sealed,
                   size_t count, uint8_t *plain) {
    EVP_CIPHER_CTX *context = cipher_context(gcm);
    int written = 0, rest = 0;
    uint8_t tag[OSRS_GCM_TAG], nothing[1];
    if (count > gcm_limit || data_count > gcm_limit) return false;
    memcpy(tag, sealed + count, sizeof tag);
    if (begin(context, 0, nonce, data, data_count) &&
        (count == 0 || EVP_CipherUpdate(context, plain, &written, sealed, (int)count) == 1) &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, OSRS_GCM_TAG, tag) == 1 &&
        EVP_CipherFinal_ex(context, nothing, &rest) == 1)
        return true;
    if (count > 0) OPENSSL_cleanse(plain, count);
    return false;
}

osrs_hmac *osrs_hmac_create(const uint8_t *key, size_t count) {
    if (!start()) return NULL;
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *context = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;
    EVP_MAC_free(mac);  // The context holds it.
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, "SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    if (context != NULL && EVP_MAC_init(context, key, count, parameters) == 1) return (osrs_hmac *)context;
    EVP_MAC_CTX_free(context);
    return NULL;
}

void osrs_hmac_free(osrs_hmac *hmac) { EVP_MAC_CTX_free(mac_context(hmac)); }

bool osrs_hmac_code(osrs_hmac *hmac, const uint8_t *bytes, size_t count, uint8_t *code) {
    EVP_MAC_CTX *context = mac_context(hmac);
    size_t written = 0;
    // Without a key this begins anew under the one that is there.
    return EVP_MAC_init(context, NULL, 0, NULL) == 1 && (count == 0 || EVP_MAC_update(context, bytes, count) == 1) &&
           EVP_MAC_final(context, code, &written, 32) == 1;
}

// OSSL_PARAM has no pointers to constants; EVP only reads through these.
static OSSL_PARAM octets(const char *name, const uint8_t *bytes, size_t count) {
    return OSSL_PARAM_construct_octet_string(name, (void *)bytes, count);
}

static bool derive(const char *algorithm, const OSSL_PARAM parameters[], uint8_t *output, size_t count) {
    if (!start()) return false;
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, algorithm, NULL);
    EVP_KDF_CTX *context = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
    bool derived = context != NULL && EVP_KDF_derive(context, output, count, parameters) == 1;
    EVP_KDF_CTX_free(context);  // Wipes what it holds.
    EVP_KDF_free(kdf);
    return derived;
}

bool osrs_hkdf_extract(bool sha512, const uint8_t *salt, size_t salt_count, const uint8_t *key, size_t key_count,
                       uint8_t *output) {
    int mode = EVP_KDF_HKDF_MODE_EXTRACT_ONLY;
    // HMAC takes no salt for a digest of zeros (RFC 5869, section 2.2).
    static const uint8_t zeros[64];
    if (salt_count == 0) {
        salt = zeros;
        salt_count = sha512 ? 64 : 32;
    }
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, sha512 ? "SHA512" : "SHA256", 0),
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
        octets(OSSL_KDF_PARAM_KEY, key, key_count),
        octets(OSSL_KDF_PARAM_SALT, salt, salt_count),
        OSSL_PARAM_construct_end(),
    };
    return derive("HKDF", parameters, output, sha512 ? 64 : 32);
}

bool osrs_hkdf_expand(bool sha512, const uint8_t *key, size_t key_count, const uint8_t *info, size_t info_count,
                      uint8_t *output, size_t count) {
    int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, sha512 ? "SHA512" : "SHA256", 0),
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
        octets(OSSL_KDF_PARAM_KEY, key, key_count),
        info_count > 0 ? octets(OSSL_KDF_PARAM_INFO, info, info_count) : OSSL_PARAM_construct_end(),
        OSSL_PARAM_construct_end(),
    };
    return derive("HKDF", parameters, output, count);
}

bool osrs_scrypt(const uint8_t *passphrase, size_t passphrase_count, const uint8_t *salt, size_t salt_count,
                 uint64_t n, uint32_t r, uint32_t p, uint64_t memory_limit, uint8_t *output, size_t count) {
    OSSL_PARAM parameters[] = {
        octets(OSSL_KDF_PARAM_PASSWORD, passphrase_count > 0 ? passphrase : salt, passphrase_count),
        octets(OSSL_KDF_PARAM_SALT, salt, salt_count),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
        OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
        OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory_limit),
        OSSL_PARAM_construct_end(),
    };
    return derive("SCRYPT", parameters, output, count);
}

static bool public_key_of(const char *kind, const uint8_t *private_key, uint8_t *public_key) {
    if (!start()) return false;
    size_t count = 32;
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key_ex(NULL, kind, NULL, private_key, 32);
    bool found = key != NULL && EVP_PKEY_get_raw_public_key(key, public_key, &count) == 1 && count == 32;
    EVP_PKEY_free(key);
    return found;
}

bool osrs_x25519_public(const uint8_t *private_key, uint8_t *public_key) {
    return public_key_of("X25519", private_key, public_key);
}

bool osrs_x25519_shared(const uint8_t *private_key, const uint8_t *public_key, uint8_t *shared) {
    static const uint8_t zeros[32];
    if (!start()) return false;
    size_t count = 32;
    EVP_PKEY *own = EVP_PKEY_new_raw_private_key_ex(NULL, "X25519", NULL, private_key, 32);
    EVP_PKEY *peer = EVP_PKEY_new_raw_public_key_ex(NULL, "X25519", NULL, public_key, 32);
    EVP_PKEY_CTX *context = own != NULL ? EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL) : NULL;
    // libcrypto refuses an all-zero secret by itself since 1.1.1; that is not written down, so it is looked at too.
    bool derived = context != NULL && peer != NULL && EVP_PKEY_derive_init(context) == 1 &&
                   EVP_PKEY_derive_set_peer(context, peer) == 1 && EVP_PKEY_derive(context, shared, &count) == 1 &&
                   count == 32 && CRYPTO_memcmp(shared, zeros, 32) != 0;
    if (!derived) OPENSSL_cleanse(shared, 32);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(peer);
    EVP_PKEY_free(own);
    return derived;
}

bool osrs_ed25519_public(const uint8_t *seed, uint8_t *public_key) { return public_key_of("ED25519", seed, public_key); }

bool osrs_ed25519_sign(const uint8_t *seed, const uint8_t *message, size_t count, uint8_t *signature) {
    if (!start()) return false;
    size_t written = 64;
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, seed, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool made = key != NULL && context != NULL &&
                EVP_DigestSignInit_ex(context, NULL, NULL, NULL, NULL, key, NULL) == 1 &&
                EVP_DigestSign(context, signature, &written, message, count) == 1 && written == 64;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return made;
}

bool osrs_ed25519_verify(const uint8_t *public_key, const uint8_t *message, size_t count, const uint8_t *signature) {
    if (!start()) return false;
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, public_key, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool holds = key != NULL && context != NULL &&
                 EVP_DigestVerifyInit_ex(context, NULL, NULL, NULL, NULL, key, NULL) == 1 &&
                 EVP_DigestVerify(context, signature, 64, message, count) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return holds;
}

bool osrs_equal(const uint8_t *left, const uint8_t *right, size_t count) {
    return CRYPTO_memcmp(left, right, count) == 0;
}

void osrs_wipe(void *bytes, size_t count) { OPENSSL_cleanse(bytes, count); }

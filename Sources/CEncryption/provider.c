// What EVP is given of libcrypto: the nine algorithms that this program uses, and nothing else.
//
// Linked as it comes, EVP takes all of the default provider with it: 3.8 MB, 90 page faults at every start, and 1.3 ms
// at the first use, spent on making lists of 200 algorithms and 2,500 error texts. The code of each algorithm below is
// libcrypto's own and unchanged; only the two lists are ours. Both replace an object of the archive libcrypto.a: where
// another version of it lacks one of these names, linking fails and says which. No configuration file of OpenSSL is
// read, so none can change what an archive is sealed with. (docs/ARCHITECTURE.md, "Encryption is linked in".)
#include <stddef.h>

#include <openssl/core.h>
#include <openssl/core_dispatch.h>
#include <openssl/opensslv.h>
#include <openssl/provider.h>

#if OPENSSL_VERSION_MAJOR != 3
#error "the names below are those of OpenSSL 3: compare them with providers/defltprov.c of this version"
#endif

// providers/implementations/include/prov/implementations.h
extern const OSSL_DISPATCH ossl_aes256gcm_functions[];
extern const OSSL_DISPATCH ossl_sha256_functions[];
extern const OSSL_DISPATCH ossl_sha512_functions[];
extern const OSSL_DISPATCH ossl_hmac_functions[];
extern const OSSL_DISPATCH ossl_kdf_hkdf_functions[];
extern const OSSL_DISPATCH ossl_kdf_pbkdf2_functions[];
extern const OSSL_DISPATCH ossl_kdf_scrypt_functions[];
extern const OSSL_DISPATCH ossl_x25519_keymgmt_functions[];
extern const OSSL_DISPATCH ossl_x25519_keyexch_functions[];
extern const OSSL_DISPATCH ossl_ed25519_keymgmt_functions[];
extern const OSSL_DISPATCH ossl_ed25519_signature_functions[];

// providers/common/include/prov/provider_ctx.h
typedef struct prov_ctx_st PROV_CTX;
PROV_CTX *ossl_prov_ctx_new(void);
void ossl_prov_ctx_free(PROV_CTX *context);
void ossl_prov_ctx_set0_libctx(PROV_CTX *context, OSSL_LIB_CTX *library);
void ossl_prov_ctx_set0_handle(PROV_CTX *context, const OSSL_CORE_HANDLE *handle);

#define PROPERTIES "provider=default"

static const OSSL_ALGORITHM digests[] = {
    {"SHA2-256:SHA-256:SHA256", PROPERTIES, ossl_sha256_functions, NULL},
    {"SHA2-512:SHA-512:SHA512", PROPERTIES, ossl_sha512_functions, NULL},
    {NULL, NULL, NULL, NULL},
};
static const OSSL_ALGORITHM ciphers[] = {
    {"AES-256-GCM", PROPERTIES, ossl_aes256gcm_functions, NULL},
    {NULL, NULL, NULL, NULL},
};
static const OSSL_ALGORITHM authentication_codes[] = {
    {"HMAC", PROPERTIES, ossl_hmac_functions, NULL},
    {NULL, NULL, NULL, NULL},
};
static const OSSL_ALGORITHM key_derivations[] = {
    {"HKDF", PROPERTIES, ossl_kdf_hkdf_functions, NULL},
    {"PBKDF2", PROPERTIES, ossl_kdf_pbkdf2_functions, NULL},  // scrypt is made of it.
    {"SCRYPT:id-scrypt", PROPERTIES, ossl_kdf_scrypt_functions, NULL},
    {NULL, NULL, NULL, NULL},
};
static const OSSL_ALGORITHM key_kinds[] = {
    {"X25519", PROPERTIES, ossl_x25519_keymgmt_functions, NULL},
    {"ED25519", PROPERTIES, ossl_ed25519_keymgmt_functions, NULL},
    {NULL, NULL, NULL, NULL},
};
static const OSSL_ALGORITHM key_exchanges[] = {
    {"X25519", PROPERTIES, ossl_x25519_keyexch_functions, NULL},
    {NULL, NULL, NULL, NULL},
};
static const OSSL_ALGORITHM signatures[] = {
    {"ED25519", PROPERTIES, ossl_ed25519_signature_functions, NULL},
    {NULL, NULL, NULL, NULL},
};

static const OSSL_ALGORITHM *query(void *context, int operation, int *no_store) {
    (void)context;
    *no_store = 0;
    switch (operation) {
    case OSSL_OP_DIGEST: return digests;
    case OSSL_OP_CIPHER: return ciphers;
    case OSSL_OP_MAC: return authentication_codes;
    case OSSL_OP_KDF: return key_derivations;
    case OSSL_OP_KEYMGMT: return key_kinds;
    case OSSL_OP_KEYEXCH: return key_exchanges;
    case OSSL_OP_SIGNATURE: return signatures;
    default: return NULL;
    }
}

static void teardown(void *context) { ossl_prov_ctx_free(context); }

static const OSSL_DISPATCH provider_functions[] = {
    {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query},
    {OSSL_FUNC_PROVIDER_TEARDOWN, (void (*)(void))teardown},
    {0, NULL},
};

static int start(const OSSL_CORE_HANDLE *handle, const OSSL_DISPATCH *core, const OSSL_DISPATCH **functions,
                 void **context) {
    OSSL_FUNC_core_get_libctx_fn *library = NULL;
    for (; core->function_id != 0; core++)
        if (core->function_id == OSSL_FUNC_CORE_GET_LIBCTX) library = OSSL_FUNC_core_get_libctx(core);
    PROV_CTX *created = library != NULL ? ossl_prov_ctx_new() : NULL;
    if (created == NULL) return 0;
    ossl_prov_ctx_set0_libctx(created, (OSSL_LIB_CTX *)library(handle));
    ossl_prov_ctx_set0_handle(created, handle);
    *context = created;
    *functions = provider_functions;
    return 1;
}

// In place of crypto/provider_predefined.c, with the type of crypto/provider_local.h.
typedef struct {
    char *name;
    char *path;
    OSSL_provider_init_fn *init;
    void *parameters;
    unsigned int is_fallback : 1;
} OSSL_PROVIDER_INFO;

extern const OSSL_PROVIDER_INFO ossl_predefined_providers[];
const OSSL_PROVIDER_INFO ossl_predefined_providers[] = {
    {"default", NULL, start, NULL, 1},
    {NULL, NULL, NULL, NULL, 0},
};

// In place of crypto/err/err_all.c: an error keeps its number, and nobody here asks for its words.
int ossl_err_load_crypto_strings(void);
int ossl_err_load_crypto_strings(void) { return 1; }

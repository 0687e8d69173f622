#ifndef OSRS_ARCHIVE_CLIBCRYPTO_SHIM_H
#define OSRS_ARCHIVE_CLIBCRYPTO_SHIM_H
// SHA256_Init and its kin count as deprecated since EVP is there. EVP first sets up all of OpenSSL and reads its
// configuration file, which takes as long as the rest of a start; these three need nothing.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#endif

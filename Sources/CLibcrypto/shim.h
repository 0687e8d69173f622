#ifndef OSRS_ARCHIVE_CLIBCRYPTO_SHIM_H
#define OSRS_ARCHIVE_CLIBCRYPTO_SHIM_H
// SHA256_Init and its kin (MD5_Init's, too) count as deprecated since EVP is there. EVP first sets up all of OpenSSL and
// reads its configuration file, which takes as long as the rest of a start; these need nothing.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/md5.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#endif

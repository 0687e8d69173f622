#ifndef OSRS_ARCHIVE_CLIBCRYPTO_SHIM_H
#define OSRS_ARCHIVE_CLIBCRYPTO_SHIM_H
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#endif

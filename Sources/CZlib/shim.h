// zlib's init calls are macros over version-checked functions; Swift needs real functions.
#ifndef OSRS_ARCHIVE_CZLIB_SHIM_H
#define OSRS_ARCHIVE_CZLIB_SHIM_H
#include <zlib.h>

static inline int osrs_deflate_init(z_streamp stream, int level, int window_bits, int memory_level, int strategy) {
    return deflateInit2(stream, level, Z_DEFLATED, window_bits, memory_level, strategy);
}

static inline int osrs_inflate_init(z_streamp stream, int window_bits) {
    return inflateInit2(stream, window_bits);
}

#endif

#ifndef OSRS_ARCHIVE_CLINUX_SHIM_H
#define OSRS_ARCHIVE_CLINUX_SHIM_H
#include <malloc.h>
#include <sys/syscall.h>
#include <unistd.h>

/* How many processors the calling thread may run on, or a negative number where the system does not say. glibc declares
   sched_getaffinity for _GNU_SOURCE only, which Swift's Glibc module does not define. */
static inline int osrs_allowed_processors(void) {
    unsigned long mask[8192 / (8 * sizeof(unsigned long))];
    long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    int count = 0;
    if (bytes < 0) return -1;
    for (long word = 0; word < bytes / (long)sizeof *mask; word++) count += __builtin_popcountl(mask[word]);
    return count;
}

/* Gives memory that is free back to the system. Swift's Glibc module leaves malloc.h out. */
static inline void osrs_release_free_memory(void) { malloc_trim(0); }
#endif

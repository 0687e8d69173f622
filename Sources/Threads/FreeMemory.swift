import CLinux

/// Gives memory that is free back to the system (malloc_trim(3)): after work that took much for a moment, in a process that
/// lives on. Takes some milliseconds.
public func releaseFreeMemory() { osrs_release_free_memory() }

import CLinux
import Glibc

/// How many processors this thread may run on (sched_getaffinity(2)), so the limit of a container's set of processors
/// or of `taskset` counts; at least 1. Where the system does not say, those that are online.
public var processorCount: Int {
    let allowed = Int(osrs_allowed_processors())
    return max(1, allowed > 0 ? allowed : sysconf(CInt(_SC_NPROCESSORS_ONLN)))
}

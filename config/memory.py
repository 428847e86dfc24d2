"""What the C library does with memory that was given back to it."""

import ctypes

#: As malloc.h of glibc numbers them.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
#: Bytes. A thread keeps as much as a page of a thousand clusters is made of; what is larger than glibc allows at most
#: in its own heaps comes from the system each time, as always.
KEPT, LARGEST = 16 << 20, 32 << 20


def keep_memory() -> bool:
    """Keep what was freed for the next request, instead of handing it to the system and asking for it again.

    By itself glibc gives back what is free beyond twice the largest piece it saw. A page of a hundred clusters and the
    rows it is joined from are just above that: about a hundred times a page the system cleared 4 kB of memory, a tenth
    of what the page cost the processor. Returns whether the library could be told; others than glibc stay as they are.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return False
    return all([mallopt(M_TRIM_THRESHOLD, KEPT), mallopt(M_MMAP_THRESHOLD, LARGEST)])

//go:build videohelper && linux && cgo

#define _GNU_SOURCE
#include <unistd.h>

// Descriptors that the client itself got from whoever started it may come along. They are closed before Go's runtime opens its own; 3 is the
// shared memory. An old kernel leaves them open, which does no harm.
__attribute__((constructor)) static void close_others(void) {
	(void)close_range(4, ~0U, 0);
}

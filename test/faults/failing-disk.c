/*
 * A disk that fails at one write, for LD_PRELOAD. Counts what changes files whose path holds FAULT_PATH, over all threads:
 * write, pwrite, writev, fsync, fdatasync, ftruncate, rename, unlink. At the FAULT_AT-th:
 *   FAULT_MODE=eio     it fails with EIO, and so does everything after it until FAULT_FOR operations have failed
 *   FAULT_MODE=enospc  the same, with ENOSPC
 *   FAULT_MODE=erofs   the same, with EROFS: mounted again for reading only
 *   FAULT_MODE=cut     half of what was to be written is, and the process ends without another instruction
 * With FAULT_COUNT the number of operations is written to that file when the process ends.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long done = 0;
static const char *wanted, *mode, *counted;
static long at = 0, many = 1;

__attribute__((constructor)) static void begin(void) {
  wanted = getenv("FAULT_PATH");
  mode = getenv("FAULT_MODE");
  counted = getenv("FAULT_COUNT");
  if (getenv("FAULT_AT")) at = atol(getenv("FAULT_AT"));
  if (getenv("FAULT_FOR")) many = atol(getenv("FAULT_FOR"));
}

__attribute__((destructor)) static void end(void) {
  if (!counted) return;
  FILE *file = fopen(counted, "w");
  if (!file) return;
  fprintf(file, "%ld", atomic_load(&done));
  fclose(file);
}

static int watched_path(const char *path) { return wanted && path && strstr(path, wanted) != NULL; }

static int watched(int fd) {
  char link[64], path[PATH_MAX];
  if (!wanted) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return watched_path(path);
}

/* 0: goes on. 1: fails, errno is set. 2: half of it, then the end. */
static int turn(int concerned) {
  if (!concerned) return 0;
  long now = atomic_fetch_add(&done, 1) + 1;
  if (at == 0 || !mode || now < at) return 0;
  if (!strcmp(mode, "cut")) return now == at ? 2 : 0;
  if (now >= at + many) return 0;
  errno = !strcmp(mode, "enospc") ? ENOSPC : !strcmp(mode, "erofs") ? EROFS : EIO;
  return 1;
}

static void stop(void) { syscall(SYS_exit_group, 137); }

#define NEXT(name) \
  static __typeof__(&name) next; \
  if (!next) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *from, size_t size) {
  NEXT(write);
  int what = turn(watched(fd));
  if (what == 1) return -1;
  if (what == 2) { (void)!next(fd, from, size / 2); stop(); }
  return next(fd, from, size);
}

ssize_t pwrite64(int fd, const void *from, size_t size, off64_t place) {
  NEXT(pwrite64);
  int what = turn(watched(fd));
  if (what == 1) return -1;
  if (what == 2) { (void)!next(fd, from, size / 2, place); stop(); }
  return next(fd, from, size, place);
}

ssize_t pwrite(int fd, const void *from, size_t size, off_t place) { return pwrite64(fd, from, size, place); }

#define PLAIN(name, parameters, arguments, concerned) \
  int name parameters { \
    NEXT(name); \
    int what = turn(concerned); \
    if (what == 1) return -1; \
    if (what == 2) stop(); \
    return next arguments; \
  }

PLAIN(fsync, (int fd), (fd), watched(fd))
PLAIN(fdatasync, (int fd), (fd), watched(fd))
PLAIN(ftruncate, (int fd, off_t size), (fd, size), watched(fd))
PLAIN(ftruncate64, (int fd, off64_t size), (fd, size), watched(fd))
PLAIN(rename, (const char *from, const char *to), (from, to), watched_path(to))
PLAIN(unlink, (const char *path), (path), watched_path(path))

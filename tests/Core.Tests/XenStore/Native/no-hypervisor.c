/*
 * Preload library that lets xenstored and oxenstored of Xen 4.17 run where there is no hypervisor: what they ask of libxenctrl,
 * libxenevtchn and libxengnttab while they start is answered as an idle dom0 would answer, and the few files of Xen's kernel
 * interface that they open are memory files. Nothing ever arrives by event channel; clients come through the Unix socket.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { PAGE = 4096, MAX_OPEN_FILES = 1024 };

/* What stands for a handle of a library: an address that is not null. */
static char handle;

/* ---- libxenctrl: every domain that is asked for exists and runs ---- */
void *xc_interface_open(void *logger, void *dombuild_logger, unsigned flags) { return &handle; }
int xc_interface_close(void *xc) { return 0; }

int xc_domain_getinfo(void *xc, uint32_t domid, unsigned max, void *info)
{
    /* xc_dominfo_t begins with domid, ssidref and the bits of its flags; no flag set is a live domain. */
    memset(info, 0, 4 * sizeof(uint32_t));
    memcpy(info, &domid, sizeof(domid));
    return 1;
}

/* ---- libxengnttab: a ring is a page that nobody else sees ---- */
void *xengnttab_open(void *logger, unsigned flags) { return &handle; }
int xengnttab_close(void *xgt) { return 0; }
int xengnttab_set_max_grants(void *xgt, uint32_t count) { return 0; }

void *xengnttab_map_grant_ref(void *xgt, uint32_t domid, uint32_t ref, int protection)
{
    return mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

int xengnttab_unmap(void *xgt, void *start, uint32_t count) { return munmap(start, (size_t)PAGE * count); }

/* ---- libxenevtchn: a descriptor to poll that never becomes ready ---- */
void *xenevtchn_open(void *logger, unsigned flags) { return &handle; }
void *xenevtchn_fdopen(void *logger, int fd, unsigned flags) { return &handle; }
int xenevtchn_close(void *xce) { return 0; }
int xenevtchn_fd(void *xce)
{
    static int fd = -1;
    if (fd < 0)
        fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return fd;
}

static int next_port(void)
{
    static int port;
    return ++port;
}

int xenevtchn_bind_virq(void *xce, unsigned virq) { return next_port(); }
int xenevtchn_bind_interdomain(void *xce, uint32_t domid, uint32_t remote) { return next_port(); }
int xenevtchn_notify(void *xce, uint32_t port) { return 0; }
int xenevtchn_pending(void *xce) { return -1; }
int xenevtchn_unmask(void *xce, uint32_t port) { return 0; }
int xenevtchn_unbind(void *xce, uint32_t port) { return 0; }

/* ---- files ---- */
static int memory_file(const char *text, off_t size)
{
    int fd = memfd_create("no-hypervisor", 0);
    if (fd >= 0 && (ftruncate(fd, size) != 0 || pwrite(fd, text, strlen(text), 0) != (ssize_t)strlen(text))) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static int is(const char *path, const char *end)
{
    size_t length = strlen(path), ending = strlen(end);
    return length >= ending && strcmp(path + length - ending, end) == 0;
}

static int stand_in(const char *path)
{
    if (is(path, "/xsd_port"))
        return memory_file("1", 1);
    if (is(path, "/xsd_kva") || is(path, "/xenbus_backend"))
        return memory_file("", PAGE);
    if (strcmp(path, "/proc/sys/fs/nr_open") == 0) {
        /* oxenstored sizes a table by it. */
        char text[16];
        int length = snprintf(text, sizeof(text), "%d\n", MAX_OPEN_FILES);
        return memory_file(text, length);
    }
    return -2;
}

/*
 * oxenstored has its run-time and log directories compiled in. Here they are $XENSTORED_RUNDIR, so that a test can neither
 * leave anything behind on a machine nor meet the daemon of a real dom0.
 */
static const char *redirect(const char *path, char *buffer, size_t size)
{
    static const char *const homes[] = { "/var/run/xenstored", "/var/run/xen", "/var/log/xen", "/var/lib/xenstored" };
    const char *directory = getenv("XENSTORED_RUNDIR");
    for (size_t i = 0; directory && i < sizeof(homes) / sizeof(homes[0]); i++) {
        size_t length = strlen(homes[i]);
        if (strncmp(path, homes[i], length) == 0 && (path[length] == '/' || path[length] == 0)) {
            snprintf(buffer, size, "%s%s", directory, path + length);
            return buffer;
        }
    }
    return path;
}

#define REAL(type, name) ((type)dlsym(RTLD_NEXT, name))
#define HERE(path) redirect(path, (char[PAGE]){0}, PAGE)

int mkdir(const char *path, mode_t mode) { return REAL(int (*)(const char *, mode_t), "mkdir")(HERE(path), mode); }
int chmod(const char *path, mode_t mode) { return REAL(int (*)(const char *, mode_t), "chmod")(HERE(path), mode); }
int unlink(const char *path) { return REAL(int (*)(const char *), "unlink")(HERE(path)); }
int access(const char *path, int mode) { return REAL(int (*)(const char *, int), "access")(HERE(path), mode); }
int stat64(const char *path, struct stat64 *to) { return REAL(int (*)(const char *, struct stat64 *), "stat64")(HERE(path), to); }
int rename(const char *from, const char *to)
{
    return REAL(int (*)(const char *, const char *), "rename")(HERE(from), HERE(to));
}

int bind(int socket, const struct sockaddr *address, socklen_t length)
{
    struct sockaddr_un local = { .sun_family = AF_UNIX };
    if (address->sa_family == AF_UNIX) {
        snprintf(local.sun_path, sizeof(local.sun_path), "%s", HERE(((const struct sockaddr_un *)address)->sun_path));
        address = (const struct sockaddr *)&local;
        length = sizeof(local);
    }
    return REAL(int (*)(int, const struct sockaddr *, socklen_t), "bind")(socket, address, length);
}

static int open_as(const char *name, const char *path, int flags, int mode)
{
    int fd = stand_in(path);
    if (fd != -2)
        return fd;
    return REAL(int (*)(const char *, int, ...), name)(HERE(path), flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    int mode = va_arg(more, int);
    va_end(more);
    return open_as("open", path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    int mode = va_arg(more, int);
    va_end(more);
    return open_as("open64", path, flags, mode);
}

/* oxenstored raises its limit of open files, which needs a capability that a test may lack; the limit that is stays. */
int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit) { return 0; }
int setrlimit64(__rlimit_resource_t resource, const struct rlimit64 *limit) { return 0; }

/*
 * Asks Xen's own parsers (libxlutil) about many texts, so that a test can compare ours with them.
 *
 * Usage: xens-parser LIBXLUTIL
 *
 * Input, one after another:  KIND LENGTH [KEY...] newline, then LENGTH bytes.
 *   C  an xl.cfg; each KEY is asked for    P  a PCI specification    D  a disk specification
 * Output, one line each:
 *   accepts KEY=VALUE/NUMBER ...   a VALUE is 's' and its bytes in hex, or [VALUE,VALUE], or -; NUMBER is - where there is none
 *   accepts {...}                  what libxl says of the structure, as JSON
 *   refuses
 * A text that makes the library abort ends this program; the caller sees fewer lines than texts, and goes on behind it.
 *
 * The library's headers are not needed: structures are only handed through, in room that is large enough for any version.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

typedef struct config config;
typedef struct value value;
typedef struct list list;
typedef struct generator generator;

static void *library;
static FILE *report;

static void *symbol(const char *name)
{
    void *found = dlsym(library, name);
    if (!found) {
        fprintf(stderr, "%s\n", dlerror());
        exit(3);
    }
    return found;
}

#define LIBRARY(type, name, arguments) type (*name) arguments = (type (*) arguments)symbol(#name)

static void print_text(const char *text)
{
    putchar('s');
    for (; *text; text++)
        printf("%02x", (unsigned char)*text);
}

static void print_value(config *cfg, value *item)
{
    LIBRARY(int, xlu_cfg_value_get_string, (config *, value *, char **, int));
    LIBRARY(int, xlu_cfg_value_get_list, (config *, value *, list **, int));
    LIBRARY(value *, xlu_cfg_get_listitem2, (const list *, int));
    char *text;
    list *items;

    if (!xlu_cfg_value_get_string(cfg, item, &text, 1)) {
        print_text(text);
    } else if (!xlu_cfg_value_get_list(cfg, item, &items, 1)) {
        putchar('[');
        for (int i = 0; (item = xlu_cfg_get_listitem2(items, i)); i++) {
            if (i)
                putchar(',');
            print_value(cfg, item);
        }
        putchar(']');
    }
}

static void print_setting(config *cfg, const char *key)
{
    LIBRARY(int, xlu_cfg_get_string, (config *, const char *, const char **, int));
    LIBRARY(int, xlu_cfg_get_long, (config *, const char *, long *, int));
    LIBRARY(int, xlu_cfg_get_list, (config *, const char *, list **, int *, int));
    LIBRARY(value *, xlu_cfg_get_listitem2, (const list *, int));
    const char *text;
    list *items;
    int count;
    long number;

    printf(" %s=", key);
    if (!xlu_cfg_get_string(cfg, key, &text, 1)) {
        print_text(text);
    } else if (!xlu_cfg_get_list(cfg, key, &items, &count, 1)) {
        putchar('[');
        for (int i = 0; i < count; i++) {
            if (i)
                putchar(',');
            print_value(cfg, xlu_cfg_get_listitem2(items, i));
        }
        putchar(']');
    } else {
        putchar('-');
    }

    putchar('/');
    if (!xlu_cfg_get_long(cfg, key, &number, 1))
        printf("%ld", number);
    else
        putchar('-');
}

static void judge_config(char *data, int length, char *keys)
{
    LIBRARY(config *, xlu_cfg_init, (FILE *, const char *));
    LIBRARY(int, xlu_cfg_readdata, (config *, const char *, int));
    LIBRARY(void, xlu_cfg_destroy, (config *));
    config *cfg = xlu_cfg_init(report, "test");

    if (xlu_cfg_readdata(cfg, data, length)) {
        printf("refuses");
    } else {
        printf("accepts");
        for (char *key = strtok(keys, " "); key; key = strtok(NULL, " "))
            print_setting(cfg, key);
    }
    xlu_cfg_destroy(cfg);
}

static void print_structure(int (*generate)(generator *, void *), void *structure)
{
    LIBRARY(generator *, yajl_gen_alloc, (void *));
    LIBRARY(int, yajl_gen_get_buf, (generator *, const unsigned char **, size_t *));
    LIBRARY(void, yajl_gen_free, (generator *));
    generator *json = yajl_gen_alloc(NULL);
    const unsigned char *text;
    size_t length;

    generate(json, structure);
    yajl_gen_get_buf(json, &text, &length);
    printf("accepts %.*s", (int)length, text);
    yajl_gen_free(json);
}

static void judge_pci(const char *text)
{
    LIBRARY(config *, xlu_cfg_init, (FILE *, const char *));
    LIBRARY(void, xlu_cfg_destroy, (config *));
    LIBRARY(void, libxl_device_pci_init, (void *));
    LIBRARY(void, libxl_device_pci_dispose, (void *));
    LIBRARY(int, xlu_pci_parse_spec_string, (config *, void *, const char *));
    config *cfg = xlu_cfg_init(report, "test");
    void *pci = calloc(1, 65536);

    libxl_device_pci_init(pci);
    if (xlu_pci_parse_spec_string(cfg, pci, text))
        printf("refuses");
    else
        print_structure((int (*)(generator *, void *))symbol("libxl_device_pci_gen_json"), pci);
    libxl_device_pci_dispose(pci);
    free(pci);
    xlu_cfg_destroy(cfg);
}

static void judge_disk(const char *text)
{
    LIBRARY(config *, xlu_cfg_init, (FILE *, const char *));
    LIBRARY(void, xlu_cfg_destroy, (config *));
    LIBRARY(void, libxl_device_disk_init, (void *));
    LIBRARY(void, libxl_device_disk_dispose, (void *));
    LIBRARY(int, xlu_disk_parse, (config *, int, const char *const *, void *));
    config *cfg = xlu_cfg_init(report, "test");
    void *disk = calloc(1, 65536);

    libxl_device_disk_init(disk);
    if (xlu_disk_parse(cfg, 1, &text, disk))
        printf("refuses");
    else
        print_structure((int (*)(generator *, void *))symbol("libxl_device_disk_gen_json"), disk);
    libxl_device_disk_dispose(disk);
    free(disk);
    xlu_cfg_destroy(cfg);
}

int main(int count, char **arguments)
{
    struct rlimit none = {0, 0};
    char head[65536];

    setrlimit(RLIMIT_CORE, &none);
    report = fopen("/dev/null", "w");
    library = count == 2 ? dlopen(arguments[1], RTLD_NOW) : NULL;
    if (!library) {
        fprintf(stderr, "%s\n", count == 2 ? dlerror() : "Usage: xens-parser LIBXLUTIL");
        return 2;
    }

    while (fgets(head, sizeof head, stdin)) {
        char kind = head[0];
        char *keys;
        long length = strtol(head + 1, &keys, 10);
        char *data = calloc(1, length + 1);

        keys[strcspn(keys, "\n")] = 0;
        if (fread(data, 1, length, stdin) != (size_t)length)
            return 4;
        if (kind == 'C')
            judge_config(data, length, keys);
        else if (kind == 'P')
            judge_pci(data);
        else
            judge_disk(data);
        putchar('\n');
        fflush(stdout);
        free(data);
    }
    return 0;
}

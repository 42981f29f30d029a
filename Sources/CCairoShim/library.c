#include "library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

#include "CCairoShim.h"

static dn_cairo_table table;
static char failure[256];
static int loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void *symbol(void *library, const char *name) {
  void *found = dlsym(library, name);
  if (!found && loaded) {
    loaded = 0;
    snprintf(failure, sizeof failure, "libcairo.so.2 has no function %s", name);
  }
  return found;
}

static void load(void) {
  void *library = dlopen("libcairo.so.2", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *said = dlerror();
    snprintf(failure, sizeof failure, "%s", said ? said : "libcairo.so.2 cannot be opened");
    return;
  }
  loaded = 1;
#define DN_LOAD(name) table.name = (__typeof__(name) *)symbol(library, #name);
  DN_CAIRO_FUNCTIONS(DN_LOAD)
#undef DN_LOAD
}

const dn_cairo_table *dn_cairo(const char **error) {
  pthread_once(&once, load);
  if (error) *error = loaded ? NULL : failure;
  return loaded ? &table : NULL;
}

const char *dn_canvas_library_error(void) {
  const char *error;
  dn_cairo(&error);
  return error;
}

#include "pipelines.h"

/* Values of function constants. */

struct value {
  int64_t index; /* -1: by name */
  char name[64];
  NSUInteger type;
  uint8_t bytes[8];
};

@interface MTLFunctionConstantValues : NSObject {
 @public
  struct value *values;
  NSUInteger count;
}
@end

/* MTLDataType, its MSL spelling and size, and how a value is printed. */
enum print { SIGNED, UNSIGNED, BOOLEAN, FLOATING };
static const struct type {
  NSUInteger code;
  const char *name;
  size_t size;
  enum print print;
} TYPES[] = {
    {3, "float", 4, FLOATING}, {29, "int", 4, SIGNED},    {33, "uint", 4, UNSIGNED},
    {37, "short", 2, SIGNED},  {41, "ushort", 2, UNSIGNED}, {45, "char", 1, SIGNED},
    {49, "uchar", 1, UNSIGNED}, {53, "bool", 1, BOOLEAN}, {81, "long", 8, SIGNED},
    {85, "ulong", 8, UNSIGNED},
};

static const struct type *type_of(NSUInteger code) {
  for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
    if (TYPES[i].code == code) return &TYPES[i];
  return NULL;
}

static void add(MTLFunctionConstantValues *all, const void *from, NSUInteger code, int64_t index,
                const char *name) {
  const struct type *type = type_of(code);
  if (!type) {
    soft_finding("function-constant-type", all, "%lu is no type of a function constant", code);
    return;
  }
  all->values = realloc(all->values, (all->count + 1) * sizeof(struct value));
  struct value *value = &all->values[all->count++];
  *value = (struct value){.index = index, .type = code};
  snprintf(value->name, sizeof value->name, "%s", name);
  memcpy(value->bytes, from, type->size);
}

@implementation MTLFunctionConstantValues
- (void)setConstantValue:(const void *)value type:(NSUInteger)type atIndex:(NSUInteger)index {
  add(self, value, type, index, "");
}
- (void)setConstantValues:(const void *)from type:(NSUInteger)code withRange:(NSRange)range {
  const struct type *type = type_of(code);
  for (NSUInteger i = 0; i < range.length; i++)
    add(self, (const char *)from + i * (type ? type->size : 0), code, range.location + i, "");
}
- (void)setConstantValue:(const void *)value type:(NSUInteger)type withName:(id)name {
  if (soft_is(name, "NSString", "the name")) add(self, value, type, -1, soft_utf8(name));
}
- (void)reset {
  count = 0;
}
- (void)finish {
  free(values);
}
@end

static int64_t signed_value(const struct value *v, size_t size) {
  int64_t raw = 0;
  memcpy(&raw, v->bytes, size);
  int unused = 64 - 8 * (int)size;
  return (int64_t)((uint64_t)raw << unused) >> unused;
}

static void print(struct soft_text *text, const char *name, const struct value *v,
                  const struct type *type) {
  uint64_t raw = 0;
  memcpy(&raw, v->bytes, type->size);
  float floating;
  memcpy(&floating, v->bytes, sizeof floating);
  switch (type->print) {
    case SIGNED: soft_print(text, "%s=%ld\n", name, (long)signed_value(v, type->size)); break;
    case UNSIGNED: soft_print(text, "%s=%lu\n", name, (unsigned long)raw); break;
    case BOOLEAN: soft_print(text, "%s=%d\n", name, v->bytes[0] != 0); break;
    case FLOATING: soft_print(text, "%s=%.9g\n", name, floating); break;
  }
}

/* The line of the library's description that declares a value's constant. */
static bool declared(SoftMTLLibrary *library, const struct value *v, char *name, char *type) {
  for (char *at = library->description; at && (at = strstr(at, "constant\t")); at++) {
    long id;
    if (sscanf(at, "constant\t%ld\t%63s\t%31s", &id, name, type) == 3
        && (v->index >= 0 ? id == v->index : strcmp(name, v->name) == 0))
      return true;
  }
  return false;
}

char *soft_constant_lines(id given, SoftMTLLibrary *library) {
  MTLFunctionConstantValues *all = given;
  size_t room = 128 * (all->count + 1);
  char *lines = calloc(1, room), name[64], spelled[32];
  struct soft_text text = {lines, room, 0};
  for (NSUInteger i = 0; i < all->count && soft_executor.library; i++) {
    const struct value *v = &all->values[i];
    const struct type *type = type_of(v->type);
    if (!declared(library, v, name, spelled))
      soft_finding("function-constant-unknown", all, "no constant has number %ld or name '%s'",
                   (long)v->index, v->name);
    else if (strcmp(type->name, spelled) != 0)
      soft_finding("function-constant-type", all, "constant %s is %s, and is given as %s", name,
                   spelled, type->name);
    else
      print(&text, name, v, type);
  }
  return lines;
}

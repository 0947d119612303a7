#include "pipelines.h"

struct soft_executor soft_executor;

/* The test's functions, or NULL for none. */
void soft_set_executor(const struct soft_executor *given) {
  soft_executor = given ? *given : (struct soft_executor){NULL, NULL, NULL};
}

@interface MTLCompileOptions : NSObject {
 @public
  id preprocessorMacros;
  BOOL fastMathEnabled;
  NSInteger mathMode, mathFloatingPointFunctions;
  NSUInteger languageVersion, maxTotalThreadsPerThreadgroup;
}
@end

@implementation MTLCompileOptions
- (id)init {
  fastMathEnabled = YES;
  mathMode = 2;
  return self;
}
OBJECT(preprocessorMacros, setPreprocessorMacros, "NSDictionary")
VALUE(BOOL, fastMathEnabled, setFastMathEnabled)
VALUE(NSInteger, mathMode, setMathMode)
VALUE(NSInteger, mathFloatingPointFunctions, setMathFloatingPointFunctions)
VALUE(NSUInteger, languageVersion, setLanguageVersion)
VALUE(NSUInteger, maxTotalThreadsPerThreadgroup, setMaxTotalThreadsPerThreadgroup)
- (void)finish {
  soft_drop(preprocessorMacros);
}
@end

uint64_t soft_hash(uint64_t hash, const void *bytes, size_t size) {
  for (const uint8_t *b = bytes; size--; b++) hash = (hash ^ *b) * 0x100000001b3ull;
  return hash;
}

id soft_new_library(id device, const char *text, size_t bytes, id given, id *error) {
  MTLCompileOptions *options = given;
  char *out = calloc(1, SOFT_TEXT_ROOM);
  int64_t number =
      soft_executor.library ? soft_executor.library(text, bytes, out, SOFT_TEXT_ROOM) : 1;
  if (number <= 0) {
    soft_fail(error, soft_error("MTLLibraryErrorDomain", 3, "%s", out));
    free(out);
    return nil;
  }
  SoftMTLLibrary *library = soft_make(objc_lookUpClass("SoftMTLLibrary"));
  library->device = device;
  library->number = number;
  library->description = out;
  library->hash = soft_hash(0xcbf29ce484222325ull, text, bytes);
  if (options) {
    int64_t math[] = {options->fastMathEnabled, options->mathMode,
                      options->mathFloatingPointFunctions};
    library->hash = soft_hash(library->hash, math, sizeof math);
  }
  return soft_give(library);
}

/* A compiled library of this Metal is a mark and the text it was made of. */
static const char MARK[] = "SOFTMETALLIB\n";

id soft_new_library_from_data(id device, const void *data, size_t bytes, id *error) {
  if (bytes < sizeof MARK - 1 || memcmp(data, MARK, sizeof MARK - 1) != 0)
    return soft_fail(error, soft_error("MTLLibraryErrorDomain", 1,
                                       "the data is no library of this Metal"));
  size_t skip = sizeof MARK - 1;
  return soft_new_library(device, (const char *)data + skip, bytes - skip, nil, error);
}

id soft_new_library_from_file(id device, const char *path, id *error) {
  FILE *file = fopen(path, "rb");
  if (!file)
    return soft_fail(error, soft_error("MTLLibraryErrorDomain", 6, "library not found: %s", path));
  fseek(file, 0, SEEK_END);
  long bytes = ftell(file);
  rewind(file);
  char *data = malloc(bytes > 0 ? bytes : 1);
  size_t got = fread(data, 1, bytes > 0 ? bytes : 0, file);
  fclose(file);
  id library = soft_new_library_from_data(device, data, got, error);
  free(data);
  return library;
}

/* Whether the description has a kernel of that name; no description knows all. */
static bool has_kernel(SoftMTLLibrary *library, const char *name) {
  if (!soft_executor.library) return true;
  char line[256];
  snprintf(line, sizeof line, "kernel\t%s\n", name);
  return strstr(library->description, line) != NULL;
}

static id new_function(SoftMTLLibrary *library, id name, char *constants) {
  SoftMTLFunction *function = soft_make(objc_lookUpClass("SoftMTLFunction"));
  function->device = library->device;
  function->library = soft_hold(library);
  function->name = soft_hold(name);
  function->constants = constants;
  return soft_give(function);
}

@implementation SoftMTLLibrary
- (id)newFunctionWithName:(id)name {
  if (!soft_is(name, "NSString", "the name") || !has_kernel(self, soft_utf8(name))) return nil;
  return new_function(self, name, strdup(""));
}
- (id)newFunctionWithName:(id)name constantValues:(id)values error:(id *)error {
  if (!soft_is(name, "NSString", "the name")
      || !soft_is(values, "MTLFunctionConstantValues", "the constants"))
    return nil;
  if (!has_kernel(self, soft_utf8(name)))
    return soft_fail(error, soft_error("MTLLibraryErrorDomain", 5, "no function named '%s'",
                                       soft_utf8(name)));
  return new_function(self, name, soft_constant_lines(values, self));
}
- (id)functionNames {
  id names[512] = {nil};
  NSUInteger count = 0;
  for (char *at = description; (at = strstr(at, "kernel\t")) && count < 512;) {
    at += 7;
    size_t length = strcspn(at, "\n");
    char *name = strndup(at, length);
    names[count++] = soft_string(name);
    free(name);
  }
  id array = soft_array(names, count);
  while (count) soft_drop(names[--count]);
  return soft_lend(array);
}
- (NSInteger)type {
  return 0;
}
- (void)finish {
  free(description);
}
@end

@implementation SoftMTLFunction
- (id)name {
  return name;
}
- (NSUInteger)functionType {
  return 3;
}
- (void)finish {
  soft_drop(library);
  soft_drop(name);
  free(constants);
}
@end

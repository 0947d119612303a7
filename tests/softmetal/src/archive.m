#include "pipelines.h"

/* Binary archives: a text of the keys of pipelines, with the machine it is for and a checksum. */

@interface MTLBinaryArchiveDescriptor : NSObject {
 @public
  id url;
}
@end

@implementation MTLBinaryArchiveDescriptor
OBJECT(url, setUrl, "NSURL")
- (void)finish {
  soft_drop(url);
}
@end

@interface SoftMTLBinaryArchive : NSObject {
 @public
  id device;
  uint64_t *keys;
  NSUInteger count;
}
@end

bool soft_archive_holds(id given, uint64_t key) {
  SoftMTLBinaryArchive *archive = given;
  for (NSUInteger i = 0; i < archive->count; i++)
    if (archive->keys[i] == key) return true;
  return false;
}

static void add(SoftMTLBinaryArchive *archive, uint64_t key) {
  if (soft_archive_holds(archive, key)) return;
  archive->keys = realloc(archive->keys, (archive->count + 1) * sizeof *archive->keys);
  archive->keys[archive->count++] = key;
}

static void machine(char *out, size_t room) {
  snprintf(out, room, "softmetal-archive 1 family %ld macOS %ld.%ld.%ld",
           (long)soft_settings.family, (long)soft_settings.os_major,
           (long)soft_settings.os_minor, (long)soft_settings.os_patch);
}

static uint64_t checksum(SoftMTLBinaryArchive *archive) {
  return soft_hash(0xcbf29ce484222325ull, archive->keys, archive->count * sizeof *archive->keys);
}

/* Why a file is no archive for this machine, or NULL. */
static const char *load(SoftMTLBinaryArchive *archive, FILE *file) {
  char first[256], wanted[256];
  machine(wanted, sizeof wanted);
  if (!fgets(first, sizeof first, file)) return "the file is empty";
  first[strcspn(first, "\n")] = 0;
  if (strncmp(first, "softmetal-archive", 17) != 0) return "the file is no archive";
  if (strcmp(first, wanted) != 0) return "the archive is for another GPU or OS";
  unsigned long key, sum = 0;
  char word[16];
  while (fscanf(file, "%15s %lx", word, &key) == 2) {
    if (strcmp(word, "pipeline") == 0) add(archive, key);
    if (strcmp(word, "checksum") == 0) sum = key;
  }
  return sum == checksum(archive) ? NULL : "the archive is damaged";
}

id soft_new_archive(id device, id descriptor, id *error) {
  if (!soft_is(descriptor, "MTLBinaryArchiveDescriptor", "the descriptor")) return nil;
  SoftMTLBinaryArchive *archive = soft_make(objc_lookUpClass("SoftMTLBinaryArchive"));
  archive->device = device;
  id url = ((MTLBinaryArchiveDescriptor *)descriptor)->url;
  if (!url) return soft_give(archive);
  FILE *file = fopen(soft_path(url), "rb");
  const char *problem = file ? load(archive, file) : "there is no such file";
  if (file) fclose(file);
  if (!problem) return soft_give(archive);
  soft_drop(archive);
  return soft_fail(error, soft_error("MTLBinaryArchiveDomain", 1, "%s: %s", soft_path(url),
                                     problem));
}

static bool write(SoftMTLBinaryArchive *archive, FILE *file) {
  char first[256];
  machine(first, sizeof first);
  fprintf(file, "%s\n", first);
  for (NSUInteger i = 0; i < archive->count; i++)
    fprintf(file, "pipeline %lx\n", (unsigned long)archive->keys[i]);
  fprintf(file, "checksum %lx\n", (unsigned long)checksum(archive));
  return !ferror(file);
}

@implementation SoftMTLBinaryArchive
- (BOOL)addComputePipelineFunctionsWithDescriptor:(id)given error:(id *)error {
  if (!soft_is(given, "MTLComputePipelineDescriptor", "the descriptor")) return NO;
  MTLComputePipelineDescriptor *d = given;
  if (!d->computeFunction) {
    soft_fail(error, soft_error("MTLBinaryArchiveDomain", 3, "the descriptor has no function"));
    return NO;
  }
  add(self, soft_pipeline_key(d->computeFunction, d->supportIndirectCommandBuffers));
  return YES;
}
- (BOOL)serializeToURL:(id)url error:(id *)error {
  if (!soft_is(url, "NSURL", "the URL")) return NO;
  FILE *file = fopen(soft_path(url), "wb");
  bool written = file && write(self, file);
  if (file && fclose(file) != 0) written = false;
  if (!written)
    soft_fail(error, soft_error("MTLBinaryArchiveDomain", 4, "could not write %s", soft_path(url)));
  return written;
}
- (void)finish {
  free(keys);
}
@end

#include "foundation.h"
#include "accessors.h"
#include "soft.h"
#include <errno.h>
#include <sys/stat.h>

/* Captures to a folder that names what happened; no tool of Apple's reads it. */

enum { TRACE_DOCUMENT = 2 };
enum { NOT_SUPPORTED = 1, ALREADY_CAPTURING = 2, INVALID_DESCRIPTOR = 3 };

@interface MTLCaptureDescriptor : NSObject {
 @public
  id captureObject, outputURL;
  NSInteger destination;
}
@end

@implementation MTLCaptureDescriptor
- (id)init {
  destination = 1;
  return self;
}
OBJECT(captureObject, setCaptureObject, "NSObject")
OBJECT(outputURL, setOutputURL, "NSURL")
VALUE(NSInteger, destination, setDestination)
- (void)finish {
  soft_drop(captureObject);
  soft_drop(outputURL);
}
@end

@interface MTLCaptureManager : NSObject {
 @public
  id url;
  uint64_t started;
}
@end

static bool enabled(void) {
  const char *variable = getenv("METAL_CAPTURE_ENABLED");
  return soft_settings.capture || (variable && strcmp(variable, "1") == 0);
}

/* Why a capture cannot start, or nil. */
static id problem(MTLCaptureManager *manager, MTLCaptureDescriptor *d) {
  if (manager->url) return soft_error("MTLCaptureError", ALREADY_CAPTURING, "already capturing");
  if (d->destination != TRACE_DOCUMENT || !enabled())
    return soft_error("MTLCaptureError", NOT_SUPPORTED, "capturing is not supported");
  if (!d->captureObject || !d->outputURL)
    return soft_error("MTLCaptureError", INVALID_DESCRIPTOR, "no object or no URL");
  if (mkdir(soft_path(d->outputURL), 0777) != 0)
    return soft_error("MTLCaptureError", INVALID_DESCRIPTOR, "could not make %s: %s",
                      soft_path(d->outputURL), strerror(errno));
  return nil;
}

@implementation MTLCaptureManager
+ (id)sharedCaptureManager {
  static id shared;
  if (!shared) {
    shared = soft_make((Class)self);
    ((NSObject *)shared)->references = 1 << 30;
  }
  return shared;
}
- (BOOL)supportsDestination:(NSInteger)destination {
  return destination == TRACE_DOCUMENT && enabled();
}
- (BOOL)startCaptureWithDescriptor:(id)given error:(id *)error {
  if (!soft_is(given, "MTLCaptureDescriptor", "the descriptor")) return NO;
  MTLCaptureDescriptor *d = given;
  id wrong = problem(self, d);
  if (wrong) {
    soft_fail(error, wrong);
    return NO;
  }
  url = soft_hold(d->outputURL);
  started = soft_now();
  return YES;
}
- (void)stopCapture {
  if (!url) {
    soft_finding("capture-not-started", self, "a capture is stopped that was not started");
    return;
  }
  char path[4096];
  snprintf(path, sizeof path, "%s/metadata", soft_path(url));
  FILE *file = fopen(path, "w");
  if (file) {
    fprintf(file, "software Metal capture of %lu ns\n", (unsigned long)(soft_now() - started));
    fclose(file);
  }
  soft_assign(&url, nil);
}
- (BOOL)isCapturing {
  return url != nil;
}
@end

#include "foundation.h"
#include "messages.h"
#include "soft.h"
#include <stdarg.h>

@implementation NSString
+ (id)stringWithUTF8String:(const char *)utf8 {
  return soft_lend(soft_string(utf8));
}
- (id)initWithBytes:(const void *)from length:(NSUInteger)length encoding:(NSUInteger)encoding {
  if (encoding != 4) soft_finding("string-encoding", self, "only UTF-8 (4) is known here");
  text = malloc(length + 1);
  memcpy(text, from, length);
  text[length] = 0;
  bytes = length;
  return self;
}
- (const char *)UTF8String {
  return text;
}
/* UTF-16 units: continuation bytes add none, four-byte forms two. */
- (NSUInteger)length {
  NSUInteger units = 0;
  for (size_t i = 0; i < bytes; i++) {
    unsigned char c = text[i];
    units += (c & 0xC0) == 0x80 ? 0 : c >= 0xF0 ? 2 : 1;
  }
  return units;
}
- (void)finish {
  free(text);
}
@end

@implementation NSURL
+ (id)fileURLWithPath:(id)string {
  if (!soft_is(string, "NSString", "the path")) return nil;
  NSURL *url = soft_make((Class)self);
  url->path = soft_hold(string);
  return soft_lend(url);
}
- (void)finish {
  soft_drop(path);
}
@end

@implementation NSArray
+ (id)arrayWithObjects:(const id *)objects count:(NSUInteger)count {
  for (NSUInteger i = 0; i < count; i++)
    if (!soft_is(objects[i], "NSObject", "an item of an array")) return nil;
  return soft_lend(soft_array(objects, count));
}
- (NSUInteger)count {
  return size;
}
- (id)objectAtIndex:(NSUInteger)index {
  if (index >= size) {
    soft_finding("array-index", self, "index %lu of an array of %lu", index, size);
    return nil;
  }
  return items[index];
}
- (void)finish {
  for (NSUInteger i = 0; i < size; i++) soft_drop(items[i]);
  free(items);
}
@end

@implementation NSData
- (const void *)bytes {
  return data;
}
- (NSUInteger)length {
  return size;
}
- (void)finish {
  free(data);
}
@end

/* What dispatch_data_create() makes. */
@interface SoftDispatchData : NSData
@end
@implementation SoftDispatchData
@end

/* The bytes are copied at once, so that a destructor can be called at once. */
id dispatch_data_create(const void *buffer, size_t size, void *queue, void *destructor) {
  if (soft_function_fails("dispatch_data_create")) return nil;
  NSData *data = soft_make(objc_lookUpClass("SoftDispatchData"));
  data->data = malloc(size ? size : 1);
  memcpy(data->data, buffer, size);
  data->size = size;
  if (destructor) ((Block *)destructor)->invoke(destructor, nil);
  return soft_give(data);
}

@interface NSNumber : NSObject {
  uint64_t value;
}
+ (id)numberWithUnsignedLongLong:(unsigned long)value;
@end

@implementation NSNumber
+ (id)numberWithUnsignedLongLong:(unsigned long)value {
  NSNumber *number = soft_make((Class)self);
  number->value = value;
  return soft_lend(number);
}
@end

@interface NSDictionary : NSObject {
 @public
  id key, object;
}
+ (id)dictionaryWithObject:(id)object forKey:(id)key;
- (id)objectForKey:(id)key;
@end

@implementation NSDictionary
+ (id)dictionaryWithObject:(id)object forKey:(id)key {
  return soft_lend(soft_dictionary(object, key));
}
- (id)objectForKey:(id)wanted {
  if (!soft_is(wanted, "NSString", "the key")) return nil;
  return strcmp(soft_utf8(wanted), soft_utf8(key)) == 0 ? object : nil;
}
- (void)finish {
  soft_drop(key);
  soft_drop(object);
}
@end

@implementation NSError
- (id)localizedDescription {
  return text;
}
- (id)domain {
  return errorDomain;
}
- (NSInteger)code {
  return number;
}
- (id)userInfo {
  return info;
}
- (void)finish {
  soft_drop(text);
  soft_drop(errorDomain);
  soft_drop(info);
}
@end

@interface NSProcessInfo : NSObject
+ (id)processInfo;
- (NSOperatingSystemVersion)operatingSystemVersion;
- (id)operatingSystemVersionString;
- (BOOL)isLowPowerModeEnabled;
- (NSInteger)thermalState;
@end

@implementation NSProcessInfo
/* One for the whole life of the process, as the real one. */
+ (id)processInfo {
  static id shared;
  if (!shared) {
    shared = soft_make((Class)self);
    ((NSObject *)shared)->references = 1 << 30;
  }
  return shared;
}
- (NSOperatingSystemVersion)operatingSystemVersion {
  return (NSOperatingSystemVersion){soft_settings.os_major, soft_settings.os_minor,
                                    soft_settings.os_patch};
}
- (id)operatingSystemVersionString {
  char text[64];
  snprintf(text, sizeof text, "Version %ld.%ld.%ld (Software)", (long)soft_settings.os_major,
           (long)soft_settings.os_minor, (long)soft_settings.os_patch);
  return soft_lend(soft_string(text));
}
- (BOOL)isLowPowerModeEnabled {
  return soft_settings.low_power != 0;
}
- (NSInteger)thermalState {
  return soft_settings.thermal_state;
}
@end

id soft_string(const char *text) {
  NSString *string = soft_make(objc_lookUpClass("NSString"));
  string->text = strdup(text ? text : "");
  string->bytes = strlen(string->text);
  return string;
}

id soft_array(const id *objects, NSUInteger count) {
  NSArray *array = soft_make(objc_lookUpClass("NSArray"));
  array->items = calloc(count ? count : 1, sizeof(id));
  for (NSUInteger i = 0; i < count; i++) array->items[i] = soft_hold(objects[i]);
  array->size = count;
  return array;
}

id soft_data(const void *bytes, size_t size) {
  NSData *data = soft_make(objc_lookUpClass("NSData"));
  data->data = malloc(size ? size : 1);
  memcpy(data->data, bytes, size);
  data->size = size;
  return data;
}

id soft_dictionary(id object, id key) {
  NSDictionary *dictionary = soft_make(objc_lookUpClass("NSDictionary"));
  dictionary->object = soft_hold(object);
  dictionary->key = soft_hold(key);
  return dictionary;
}

id soft_error(const char *domain, NSInteger code, const char *format, ...) {
  char message[4096];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  NSError *error = soft_make(objc_lookUpClass("NSError"));
  error->text = soft_string(message);
  error->errorDomain = soft_string(domain);
  error->number = code;
  return error;
}

const char *soft_utf8(id string) { return string ? ((NSString *)string)->text : ""; }
const char *soft_path(id url) { return url ? soft_utf8(((NSURL *)url)->path) : ""; }

id soft_fail(id *error, id owned_error) {
  if (error)
    *error = soft_lend(owned_error);
  else
    soft_drop(owned_error);
  return nil;
}

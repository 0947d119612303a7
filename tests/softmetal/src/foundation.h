/* The few Foundation classes that Metal's calls take and give. */
#pragma once
#include "objects.h"

@interface NSString : NSObject {
 @public
  char *text;
  size_t bytes;
}
+ (id)stringWithUTF8String:(const char *)utf8;
- (id)initWithBytes:(const void *)bytes length:(NSUInteger)length encoding:(NSUInteger)encoding;
- (const char *)UTF8String;
- (NSUInteger)length;
@end

@interface NSURL : NSObject {
 @public
  id path;
}
+ (id)fileURLWithPath:(id)path;
@end

@interface NSArray : NSObject {
 @public
  id *items;
  NSUInteger size;
}
+ (id)arrayWithObjects:(const id *)objects count:(NSUInteger)count;
- (NSUInteger)count;
- (id)objectAtIndex:(NSUInteger)index;
@end

@interface NSData : NSObject {
 @public
  void *data;
  size_t size;
}
- (const void *)bytes;
- (NSUInteger)length;
@end

@interface NSError : NSObject {
 @public
  id text, errorDomain, info;
  NSInteger number;
}
- (id)localizedDescription;
- (id)domain;
- (NSInteger)code;
- (id)userInfo;
@end

/* All of these are +1, held by the library. */
id soft_string(const char *text);
id soft_array(const id *objects, NSUInteger count);
id soft_data(const void *bytes, size_t size);
id soft_dictionary(id object, id key);
id soft_error(const char *domain, NSInteger code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What a string or a file URL says; "" for nil. */
const char *soft_utf8(id string);
const char *soft_path(id url);

/* Puts an error where the caller wants it, lent; answers nil. */
id soft_fail(id *error, id owned_error);

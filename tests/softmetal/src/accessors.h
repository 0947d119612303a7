/* Properties of descriptors: a value, or an object that is held. */
#pragma once

#define VALUE(type, name, setter)   \
  -(type)name {                     \
    return name;                    \
  }                                 \
  -(void)setter : (type)value {     \
    name = value;                   \
  }

#define OBJECT(name, setter, class_name)                                     \
  -(id)name {                                                                \
    return name;                                                             \
  }                                                                          \
  -(void)setter : (id)value {                                                \
    if (soft_is_or_nil(value, class_name, #name)) soft_assign(&name, value); \
  }

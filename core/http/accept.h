/* What media types a client accepts (RFC 9110, section 12.5.1). */
#ifndef GV_HTTP_ACCEPT_H
#define GV_HTTP_ACCEPT_H

#include "base/slice.h"

enum { GV_QUALITY_MAX = 1000 };

/* What the field `accept` gives `type`, in thousandths, by the range that names it most
 * exactly; 0: it is not accepted, or not mentioned.  Parameters of a range count for it
 * where `type` has them too; where not, the range still stands for its type. */
int gv_accept_quality(gv_slice accept, gv_slice type);

#endif

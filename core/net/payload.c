#include "net/payload.h"

#include <unistd.h>

void gv_payload_dispose(gv_payload *payload)
{
    if (payload->kind == GV_PAYLOAD_FILE)
        close(payload->fd);
    if (payload->owner != NULL)
        payload->release(payload->owner);
    payload->kind = GV_PAYLOAD_NONE;
    payload->owner = NULL;
}

#include "net/payload.h"

uint64_t gv_payload_file_length(const gv_payload *payload)
{
    uint64_t length = payload->length;

    for (unsigned i = 0; i < payload->part_count; i++)
        length += payload->parts[i].text.len + payload->parts[i].length;
    return length;
}

void gv_payload_dispose(gv_payload *payload)
{
    if (payload->owner != NULL)
        payload->release(payload->owner);
    payload->kind = GV_PAYLOAD_NONE;
    payload->owner = NULL;
}

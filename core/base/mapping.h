/* What this process has mapped of a file. */
#ifndef GV_BASE_MAPPING_H
#define GV_BASE_MAPPING_H

/* Leaves every mapping of the file behind `fd` out of core dumps, which would fill the
 * holes of a sparse one in memory and write it whole.  GV_OK, or GV_FAILED with errno. */
int gv_mapping_leave_out_of_dumps(int fd);

#endif

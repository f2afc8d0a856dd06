/* Made by scripts/mime-types from media-types 10.0.0: not to be edited. */
#ifndef GV_HTTP_MIME_TYPES_H
#define GV_HTTP_MIME_TYPES_H

/* TYPE(ending, media type), sorted by ending; text has its charset. */
/* clang-format off */
#define GV_MIME_TYPES(TYPE) \
    TYPE("1clr", "application/clr") \
    TYPE("210", "application/p21") \
    TYPE("3gp", "video/3gpp") \
    TYPE("726", "audio/32kadpcm") \
    TYPE("7z", "application/x-7z-compressed") \
    TYPE("a2l", "application/A2L") \
    TYPE("aa3", "audio/ATRAC3") \
    TYPE("aac", "audio/aac") \
    TYPE("aal", "audio/ATRAC-ADVANCED-LOSSLESS") \
    TYPE("ac", "application/pkix-attr-cert") \
    TYPE("ac3", "audio/ac3") \
    TYPE("acn", "audio/asc") \
    TYPE("adts", "audio/aac") \
    TYPE("ai", "application/postscript") \
    TYPE("aif", "audio/x-aiff") \
    TYPE("aiff", "audio/x-aiff") \
    TYPE("aml", "application/AML") \
    TYPE("amlx", "application/automationml-amlx+zip") \
    TYPE("amr", "audio/AMR") \
    TYPE("anx", "application/annodex") \
    TYPE("apk", "application/vnd.android.package-archive") \
    TYPE("apng", "image/apng") \
    TYPE("appcache", "text/cache-manifest; charset=utf-8") \
    TYPE("apxml", "application/auth-policy+xml") \
    TYPE("art", "message/rfc822") \
    TYPE("asc", "application/pgp-keys") \
    TYPE("ass", "audio/aac") \
    TYPE("at3", "audio/ATRAC3") \
    TYPE("atf", "application/ATF") \
    TYPE("atfx", "application/ATFX") \
    TYPE("atom", "application/atom+xml") \
    TYPE("atomcat", "application/atomcat+xml") \
    TYPE("atomdeleted", "application/atomdeleted+xml") \
    TYPE("atomsrv", "application/atomserv+xml") \
    TYPE("atomsvc", "application/atomsvc+xml") \
    TYPE("atx", "audio/ATRAC-X") \
    TYPE("atxml", "application/ATXML") \
    TYPE("au", "audio/basic") \
    TYPE("auc", "application/tamp-apex-update-confirm") \
    TYPE("avci", "image/avci") \
    TYPE("avcs", "image/avcs") \
    TYPE("avi", "video/x-msvideo") \
    TYPE("avif", "image/avif") \
    TYPE("awb", "audio/AMR-WB") \
    TYPE("axa", "audio/annodex") \
    TYPE("axv", "video/annodex") \
    TYPE("bin", "application/octet-stream") \
    TYPE("bmp", "image/bmp") \
    TYPE("br", "application/x-brotli") \
    TYPE("brf", "text/plain; charset=utf-8") \
    TYPE("bz2", "application/x-bzip2") \
    TYPE("c", "text/plain; charset=utf-8") \
    TYPE("c3ex", "application/cccex") \
    TYPE("cbor", "application/cbor") \
    TYPE("ccmp", "application/ccmp+xml") \
    TYPE("ccxml", "application/ccxml+xml") \
    TYPE("cdfx", "application/CDFX+XML") \
    TYPE("cdmia", "application/cdmi-capability") \
    TYPE("cdmic", "application/cdmi-container") \
    TYPE("cdmid", "application/cdmi-domain") \
    TYPE("cdmio", "application/cdmi-object") \
    TYPE("cdmiq", "application/cdmi-queue") \
    TYPE("cea", "application/CEA") \
    TYPE("cellml", "application/cellml+xml") \
    TYPE("cer", "application/pkix-cert") \
    TYPE("cgm", "image/cgm") \
    TYPE("cl", "application/simple-filter+xml") \
    TYPE("class", "application/java-vm") \
    TYPE("clue", "application/clue_info+xml") \
    TYPE("cml", "application/cellml+xml") \
    TYPE("cmsc", "application/cms") \
    TYPE("cnd", "text/jcr-cnd; charset=utf-8") \
    TYPE("conf", "text/plain; charset=utf-8") \
    TYPE("coswid", "application/swid+cbor") \
    TYPE("cpl", "application/cpl+xml") \
    TYPE("cpp", "text/plain; charset=utf-8") \
    TYPE("cpt", "application/mac-compactpro") \
    TYPE("cql", "text/cql; charset=utf-8") \
    TYPE("crl", "application/pkix-crl") \
    TYPE("crt", "application/x-x509-ca-cert") \
    TYPE("csd", "audio/csound") \
    TYPE("csrattrs", "application/csrattrs") \
    TYPE("css", "text/css; charset=utf-8") \
    TYPE("csv", "text/csv; charset=utf-8") \
    TYPE("csvs", "text/csv-schema; charset=utf-8") \
    TYPE("cu", "application/cu-seeme") \
    TYPE("cuc", "application/tamp-community-update-confirm") \
    TYPE("cwl", "application/cwl") \
    TYPE("davmount", "application/davmount+xml") \
    TYPE("dcd", "application/DCD") \
    TYPE("dcm", "application/dicom") \
    TYPE("deb", "application/vnd.debian.binary-package") \
    TYPE("deploy", "application/octet-stream") \
    TYPE("dif", "video/dv") \
    TYPE("dii", "application/DII") \
    TYPE("dit", "application/DIT") \
    TYPE("dls", "audio/dls") \
    TYPE("dmg", "application/x-apple-diskimage") \
    TYPE("doc", "application/msword") \
    TYPE("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document") \
    TYPE("dpx", "image/dpx") \
    TYPE("drle", "image/dicom-rle") \
    TYPE("dssc", "application/dssc+der") \
    TYPE("dtd", "application/xml-dtd") \
    TYPE("dv", "video/dv") \
    TYPE("dvc", "application/dvcs") \
    TYPE("dwd", "application/atsc-dwd+xml") \
    TYPE("efi", "application/efi") \
    TYPE("emf", "image/emf") \
    TYPE("eml", "message/rfc822") \
    TYPE("emma", "application/emma+xml") \
    TYPE("emotionml", "application/emotionml+xml") \
    TYPE("ent", "application/xml-external-parsed-entity") \
    TYPE("enw", "audio/EVRCNW") \
    TYPE("eot", "application/vnd.ms-fontobject") \
    TYPE("eps", "application/postscript") \
    TYPE("eps2", "application/postscript") \
    TYPE("eps3", "application/postscript") \
    TYPE("epsf", "application/postscript") \
    TYPE("epsi", "application/postscript") \
    TYPE("epub", "application/epub+zip") \
    TYPE("es", "text/javascript; charset=utf-8") \
    TYPE("evb", "audio/EVRCB") \
    TYPE("evc", "audio/EVRC") \
    TYPE("evw", "audio/EVRCWB") \
    TYPE("exe", "application/vnd.microsoft.portable-executable") \
    TYPE("exi", "application/exi") \
    TYPE("exp", "application/express") \
    TYPE("exr", "image/aces") \
    TYPE("ez", "application/andrew-inset") \
    TYPE("fdf", "application/fdf") \
    TYPE("fdt", "application/fdt+xml") \
    TYPE("finf", "application/fastinfoset") \
    TYPE("fit", "image/fits") \
    TYPE("fits", "image/fits") \
    TYPE("flac", "audio/flac") \
    TYPE("fli", "video/fli") \
    TYPE("flv", "video/x-flv") \
    TYPE("fts", "image/fits") \
    TYPE("gbr", "application/rpki-ghostbusters") \
    TYPE("geojson", "application/geo+json") \
    TYPE("gff3", "text/gff3; charset=utf-8") \
    TYPE("gif", "image/gif") \
    TYPE("gl", "video/gl") \
    TYPE("glb", "model/gltf-binary") \
    TYPE("glbin", "application/gltf-buffer") \
    TYPE("glbuf", "application/gltf-buffer") \
    TYPE("gltf", "model/gltf+json") \
    TYPE("gml", "application/gml+xml") \
    TYPE("gpkg", "application/geopackage+sqlite3") \
    TYPE("gpx", "application/gpx+xml") \
    TYPE("gram", "application/srgs") \
    TYPE("grxml", "application/srgs+xml") \
    TYPE("gsheet", "application/urc-grpsheet+xml") \
    TYPE("gz", "application/gzip") \
    TYPE("h", "text/plain; charset=utf-8") \
    TYPE("heic", "image/heic") \
    TYPE("heics", "image/heic-sequence") \
    TYPE("heif", "image/heif") \
    TYPE("heifs", "image/heif-sequence") \
    TYPE("hej2", "image/hej2k") \
    TYPE("held", "application/atsc-held+xml") \
    TYPE("hif", "image/avif") \
    TYPE("hqx", "application/mac-binhex40") \
    TYPE("hsj2", "image/hsj2") \
    TYPE("hta", "application/hta") \
    TYPE("htm", "text/html; charset=utf-8") \
    TYPE("html", "text/html; charset=utf-8") \
    TYPE("ico", "image/vnd.microsoft.icon") \
    TYPE("ics", "text/calendar; charset=utf-8") \
    TYPE("ief", "image/ief") \
    TYPE("ifb", "text/calendar; charset=utf-8") \
    TYPE("ifc", "application/p21") \
    TYPE("iges", "model/iges") \
    TYPE("igs", "model/iges") \
    TYPE("ini", "text/plain; charset=utf-8") \
    TYPE("ink", "application/inkml+xml") \
    TYPE("inkml", "application/inkml+xml") \
    TYPE("ipfix", "application/ipfix") \
    TYPE("iso", "application/x-iso9660-image") \
    TYPE("its", "application/its+xml") \
    TYPE("jar", "application/java-archive") \
    TYPE("jfif", "image/jpeg") \
    TYPE("jhc", "image/jphc") \
    TYPE("jls", "image/jls") \
    TYPE("jp2", "image/jp2") \
    TYPE("jpe", "image/jpeg") \
    TYPE("jpeg", "image/jpeg") \
    TYPE("jpf", "image/jpx") \
    TYPE("jpg", "image/jpeg") \
    TYPE("jpg2", "image/jp2") \
    TYPE("jpgm", "image/jpm") \
    TYPE("jph", "image/jph") \
    TYPE("jphc", "image/jphc") \
    TYPE("jpm", "image/jpm") \
    TYPE("jpx", "image/jpx") \
    TYPE("jrd", "application/jrd+json") \
    TYPE("js", "text/javascript; charset=utf-8") \
    TYPE("json", "application/json") \
    TYPE("json-patch", "application/json-patch+json") \
    TYPE("json5", "application/json5") \
    TYPE("jsonld", "application/ld+json") \
    TYPE("jsontd", "application/td+json") \
    TYPE("jsontm", "application/tm+json") \
    TYPE("jt", "model/JT") \
    TYPE("jxl", "image/jxl") \
    TYPE("jxr", "image/jxr") \
    TYPE("jxra", "image/jxrA") \
    TYPE("jxrs", "image/jxrS") \
    TYPE("jxs", "image/jxs") \
    TYPE("jxsc", "image/jxsc") \
    TYPE("jxsi", "image/jxsi") \
    TYPE("jxss", "image/jxss") \
    TYPE("key", "application/pgp-keys") \
    TYPE("kml", "application/vnd.google-earth.kml+xml") \
    TYPE("kmz", "application/vnd.google-earth.kmz") \
    TYPE("ktx", "image/ktx") \
    TYPE("ktx2", "image/ktx2") \
    TYPE("l16", "audio/L16") \
    TYPE("lbc", "audio/iLBC") \
    TYPE("lgr", "application/lgr+xml") \
    TYPE("lin", "application/bbolin") \
    TYPE("loas", "audio/usac") \
    TYPE("log", "text/plain; charset=utf-8") \
    TYPE("lostsyncxml", "application/lostsync+xml") \
    TYPE("lostxml", "application/lost+xml") \
    TYPE("lpf", "application/lpf+zip") \
    TYPE("lxf", "application/LXF") \
    TYPE("m1v", "video/mpeg") \
    TYPE("m21", "application/mp21") \
    TYPE("m2v", "video/mpeg") \
    TYPE("m3g", "application/m3g") \
    TYPE("m3u", "audio/mpegurl") \
    TYPE("m3u8", "application/vnd.apple.mpegurl") \
    TYPE("m4a", "audio/mp4") \
    TYPE("m4s", "video/iso.segment") \
    TYPE("m4v", "video/mp4") \
    TYPE("ma", "application/mathematica") \
    TYPE("mads", "application/mads+xml") \
    TYPE("maei", "application/mmt-aei+xml") \
    TYPE("mail", "message/rfc822") \
    TYPE("manifest", "text/cache-manifest; charset=utf-8") \
    TYPE("map", "application/json") \
    TYPE("markdown", "text/markdown; charset=utf-8") \
    TYPE("mb", "application/mathematica") \
    TYPE("mbox", "application/mbox") \
    TYPE("md", "text/markdown; charset=utf-8") \
    TYPE("mdb", "application/msaccess") \
    TYPE("mesh", "model/mesh") \
    TYPE("meta4", "application/metalink4+xml") \
    TYPE("mets", "application/mets+xml") \
    TYPE("mf4", "application/MF4") \
    TYPE("mft", "application/rpki-manifest") \
    TYPE("mhas", "audio/mhas") \
    TYPE("mid", "audio/midi") \
    TYPE("midi", "audio/midi") \
    TYPE("miz", "text/mizar; charset=utf-8") \
    TYPE("mj2", "video/mj2") \
    TYPE("mjp2", "video/mj2") \
    TYPE("mjs", "text/javascript; charset=utf-8") \
    TYPE("mkv", "video/matroska") \
    TYPE("mml", "application/mathml+xml") \
    TYPE("mod", "application/xml-dtd") \
    TYPE("mods", "application/mods+xml") \
    TYPE("mov", "video/quicktime") \
    TYPE("mp1", "audio/mpeg") \
    TYPE("mp2", "audio/mpeg") \
    TYPE("mp21", "application/mp21") \
    TYPE("mp3", "audio/mpeg") \
    TYPE("mp4", "video/mp4") \
    TYPE("mpd", "application/dash+xml") \
    TYPE("mpdd", "application/dashdelta") \
    TYPE("mpe", "video/mpeg") \
    TYPE("mpeg", "video/mpeg") \
    TYPE("mpega", "audio/mpeg") \
    TYPE("mpg", "video/mpeg") \
    TYPE("mpg4", "video/mp4") \
    TYPE("mpga", "audio/mpeg") \
    TYPE("mrc", "application/marc") \
    TYPE("mrcx", "application/marcxml+xml") \
    TYPE("msh", "model/mesh") \
    TYPE("msi", "application/x-msi") \
    TYPE("msp", "application/octet-stream") \
    TYPE("msu", "application/octet-stream") \
    TYPE("mtl", "model/mtl") \
    TYPE("musd", "application/mmt-usd+xml") \
    TYPE("mxf", "application/mxf") \
    TYPE("mxmf", "audio/mobile-xmf") \
    TYPE("mxml", "application/xv+xml") \
    TYPE("n3", "text/n3; charset=utf-8") \
    TYPE("nq", "application/n-quads") \
    TYPE("nt", "application/n-triples") \
    TYPE("obj", "model/obj") \
    TYPE("oda", "application/ODA") \
    TYPE("odd", "application/tei+xml") \
    TYPE("odg", "application/vnd.oasis.opendocument.graphics") \
    TYPE("odp", "application/vnd.oasis.opendocument.presentation") \
    TYPE("ods", "application/vnd.oasis.opendocument.spreadsheet") \
    TYPE("odt", "application/vnd.oasis.opendocument.text") \
    TYPE("odx", "application/ODX") \
    TYPE("oga", "audio/ogg") \
    TYPE("ogg", "audio/ogg") \
    TYPE("ogv", "video/ogg") \
    TYPE("ogx", "application/ogg") \
    TYPE("omg", "audio/ATRAC3") \
    TYPE("one", "application/onenote") \
    TYPE("onepkg", "application/onenote") \
    TYPE("onetmp", "application/onenote") \
    TYPE("onetoc2", "application/onenote") \
    TYPE("opf", "application/oebps-package+xml") \
    TYPE("opus", "audio/ogg") \
    TYPE("orc", "audio/csound") \
    TYPE("orq", "application/ocsp-request") \
    TYPE("ors", "application/ocsp-response") \
    TYPE("otf", "font/otf") \
    TYPE("oxps", "application/oxps") \
    TYPE("p10", "application/pkcs10") \
    TYPE("p12", "application/pkcs12") \
    TYPE("p21", "application/p21") \
    TYPE("p7c", "application/pkcs7-mime") \
    TYPE("p7m", "application/pkcs7-mime") \
    TYPE("p7s", "application/pkcs7-signature") \
    TYPE("p7z", "application/pkcs7-mime") \
    TYPE("p8", "application/pkcs8") \
    TYPE("p8e", "application/pkcs8-encrypted") \
    TYPE("pdf", "application/pdf") \
    TYPE("pdx", "application/PDX") \
    TYPE("pem", "application/pem-certificate-chain") \
    TYPE("pfr", "application/font-tdpfr") \
    TYPE("pfx", "application/pkcs12") \
    TYPE("pgp", "application/pgp-encrypted") \
    TYPE("pki", "application/pkixcmp") \
    TYPE("pkipath", "application/pkix-pkipath") \
    TYPE("pl", "text/plain; charset=utf-8") \
    TYPE("png", "image/png") \
    TYPE("pot", "text/plain; charset=utf-8") \
    TYPE("ppt", "application/vnd.ms-powerpoint") \
    TYPE("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation") \
    TYPE("prc", "model/prc") \
    TYPE("prf", "application/pics-rules") \
    TYPE("provn", "text/provenance-notation; charset=utf-8") \
    TYPE("provx", "application/provenance+xml") \
    TYPE("ps", "application/postscript") \
    TYPE("pskcxml", "application/pskc+xml") \
    TYPE("py", "text/plain; charset=utf-8") \
    TYPE("qcp", "audio/EVRC-QCP") \
    TYPE("qt", "video/quicktime") \
    TYPE("rapd", "application/route-apd+xml") \
    TYPE("rar", "application/vnd.rar") \
    TYPE("rdf", "application/rdf+xml") \
    TYPE("relo", "application/p2p-overlay+xml") \
    TYPE("rfcxml", "application/rfc+xml") \
    TYPE("rif", "application/reginfo+xml") \
    TYPE("rl", "application/resource-lists+xml") \
    TYPE("rld", "application/resource-lists-diff+xml") \
    TYPE("rnc", "application/relax-ng-compact-syntax") \
    TYPE("roa", "application/rpki-roa") \
    TYPE("roff", "text/troff; charset=utf-8") \
    TYPE("rpm", "application/x-redhat-package-manager") \
    TYPE("rq", "application/sparql-query") \
    TYPE("rs", "application/rls-services+xml") \
    TYPE("rsat", "application/atsc-rsat+xml") \
    TYPE("rsheet", "application/urc-ressheet+xml") \
    TYPE("rss", "application/rss+xml") \
    TYPE("rst", "text/plain; charset=utf-8") \
    TYPE("rtf", "application/rtf") \
    TYPE("rusd", "application/route-usd+xml") \
    TYPE("sac", "application/tamp-sequence-adjust-confirm") \
    TYPE("sarif", "application/sarif+json") \
    TYPE("sarif-external-properties", "application/sarif-external-properties+json") \
    TYPE("scim", "application/scim+json") \
    TYPE("sco", "audio/csound") \
    TYPE("scq", "application/scvp-cv-request") \
    TYPE("scs", "application/scvp-cv-response") \
    TYPE("sdp", "application/sdp") \
    TYPE("senml", "application/senml+json") \
    TYPE("senml-etchc", "application/senml-etch+cbor") \
    TYPE("senml-etchj", "application/senml-etch+json") \
    TYPE("senmlc", "application/senml+cbor") \
    TYPE("senmle", "application/senml-exi") \
    TYPE("senmlx", "application/senml+xml") \
    TYPE("sensml", "application/sensml+json") \
    TYPE("sensmlc", "application/sensml+cbor") \
    TYPE("sensmle", "application/sensml-exi") \
    TYPE("sensmlx", "application/sensml+xml") \
    TYPE("ser", "application/java-serialized-object") \
    TYPE("sgm", "text/SGML; charset=utf-8") \
    TYPE("sgml", "text/SGML; charset=utf-8") \
    TYPE("sh", "text/plain; charset=utf-8") \
    TYPE("shaclc", "text/shaclc; charset=utf-8") \
    TYPE("shc", "text/shaclc; charset=utf-8") \
    TYPE("shex", "text/shex; charset=utf-8") \
    TYPE("shf", "application/shf+xml") \
    TYPE("shtml", "text/html; charset=utf-8") \
    TYPE("sieve", "application/sieve") \
    TYPE("sig", "application/pgp-signature") \
    TYPE("silo", "model/mesh") \
    TYPE("siv", "application/sieve") \
    TYPE("sls", "application/route-s-tsid+xml") \
    TYPE("smi", "application/smil+xml") \
    TYPE("smil", "application/smil+xml") \
    TYPE("sml", "application/smil+xml") \
    TYPE("smv", "audio/SMV") \
    TYPE("snd", "audio/basic") \
    TYPE("soa", "text/dns; charset=utf-8") \
    TYPE("soc", "application/sgml-open-catalog") \
    TYPE("sofa", "audio/sofa") \
    TYPE("spdx", "text/spdx; charset=utf-8") \
    TYPE("spl", "application/futuresplash") \
    TYPE("spp", "application/scvp-vp-response") \
    TYPE("spq", "application/scvp-vp-request") \
    TYPE("spx", "audio/ogg") \
    TYPE("sql", "application/sql") \
    TYPE("sqlite", "application/vnd.sqlite3") \
    TYPE("srt", "text/plain; charset=utf-8") \
    TYPE("sru", "application/sru+xml") \
    TYPE("srx", "application/sparql-results+xml") \
    TYPE("ssml", "application/ssml+xml") \
    TYPE("step", "model/step") \
    TYPE("stix", "application/stix+json") \
    TYPE("stk", "application/hyperstudio") \
    TYPE("stl", "model/stl") \
    TYPE("stp", "model/step") \
    TYPE("stpnc", "application/p21") \
    TYPE("stpx", "model/step+xml") \
    TYPE("stpxz", "model/step-xml+zip") \
    TYPE("stpz", "model/step+zip") \
    TYPE("svg", "image/svg+xml") \
    TYPE("svgz", "image/svg+xml") \
    TYPE("swf", "application/vnd.adobe.flash.movie") \
    TYPE("swidtag", "application/swid+xml") \
    TYPE("t", "text/troff; charset=utf-8") \
    TYPE("tar", "application/x-tar") \
    TYPE("tau", "application/tamp-apex-update") \
    TYPE("tcu", "application/tamp-community-update") \
    TYPE("td", "application/urc-targetdesc+xml") \
    TYPE("tei", "application/tei+xml") \
    TYPE("teicorpus", "application/tei+xml") \
    TYPE("ter", "application/tamp-error") \
    TYPE("tex", "text/x-tex; charset=utf-8") \
    TYPE("text", "text/plain; charset=utf-8") \
    TYPE("tfi", "application/thraud+xml") \
    TYPE("tfx", "image/tiff-fx") \
    TYPE("tgz", "application/gzip") \
    TYPE("tif", "image/tiff") \
    TYPE("tiff", "image/tiff") \
    TYPE("tm", "text/texmacs; charset=utf-8") \
    TYPE("toml", "application/toml") \
    TYPE("torrent", "application/x-bittorrent") \
    TYPE("tr", "text/troff; charset=utf-8") \
    TYPE("trig", "application/trig") \
    TYPE("ts", "video/mp2t") \
    TYPE("tsa", "application/tamp-sequence-adjust") \
    TYPE("tsd", "application/timestamped-data") \
    TYPE("tsp", "application/dsptype") \
    TYPE("tsq", "application/timestamp-query") \
    TYPE("tsr", "application/timestamp-reply") \
    TYPE("tsv", "text/tab-separated-values; charset=utf-8") \
    TYPE("ttc", "font/collection") \
    TYPE("ttf", "font/ttf") \
    TYPE("ttl", "text/turtle; charset=utf-8") \
    TYPE("ttml", "application/ttml+xml") \
    TYPE("tuc", "application/tamp-update-confirm") \
    TYPE("tur", "application/tamp-update") \
    TYPE("txt", "text/plain; charset=utf-8") \
    TYPE("u3d", "model/u3d") \
    TYPE("u8dsn", "message/global-delivery-status") \
    TYPE("u8hdr", "message/global-headers") \
    TYPE("u8mdn", "message/global-disposition-notification") \
    TYPE("u8msg", "message/global") \
    TYPE("uis", "application/urc-uisocketdesc+xml") \
    TYPE("uri", "text/uri-list; charset=utf-8") \
    TYPE("uris", "text/uri-list; charset=utf-8") \
    TYPE("vcard", "text/vcard; charset=utf-8") \
    TYPE("vcf", "text/vcard; charset=utf-8") \
    TYPE("vcj", "application/voucher-cms+json") \
    TYPE("vpm", "multipart/voice-message") \
    TYPE("vrm", "model/vrml") \
    TYPE("vrml", "model/vrml") \
    TYPE("vsd", "application/vnd.visio") \
    TYPE("vtt", "text/vtt; charset=utf-8") \
    TYPE("vxml", "application/voicexml+xml") \
    TYPE("wasm", "application/wasm") \
    TYPE("wav", "audio/wav") \
    TYPE("weba", "audio/webm") \
    TYPE("webm", "video/webm") \
    TYPE("webmanifest", "application/manifest+json") \
    TYPE("webp", "image/webp") \
    TYPE("wgsl", "text/wgsl; charset=utf-8") \
    TYPE("wgt", "application/widget") \
    TYPE("wif", "application/watcherinfo+xml") \
    TYPE("wlnk", "application/link-format") \
    TYPE("wma", "audio/x-ms-wma") \
    TYPE("wmf", "image/wmf") \
    TYPE("wmv", "video/x-ms-wmv") \
    TYPE("woff", "font/woff") \
    TYPE("woff2", "font/woff2") \
    TYPE("wrl", "model/vrml") \
    TYPE("wsdl", "application/wsdl+xml") \
    TYPE("wspolicy", "application/wspolicy+xml") \
    TYPE("x3d", "model/x3d+xml") \
    TYPE("x3db", "model/x3d+fastinfoset") \
    TYPE("x3dv", "model/x3d-vrml") \
    TYPE("x3dvz", "model/x3d-vrml") \
    TYPE("x3dz", "model/x3d+xml") \
    TYPE("xav", "application/xcap-att+xml") \
    TYPE("xca", "application/xcap-caps+xml") \
    TYPE("xcs", "application/calendar+xml") \
    TYPE("xdd", "application/bacnet-xdd+zip") \
    TYPE("xdf", "application/xcap-diff+xml") \
    TYPE("xdssc", "application/dssc+xml") \
    TYPE("xel", "application/xcap-el+xml") \
    TYPE("xer", "application/xcap-error+xml") \
    TYPE("xfdf", "application/xfdf") \
    TYPE("xhe", "audio/usac") \
    TYPE("xht", "application/xhtml+xml") \
    TYPE("xhtm", "application/xhtml+xml") \
    TYPE("xhtml", "application/xhtml+xml") \
    TYPE("xhvml", "application/xv+xml") \
    TYPE("xlf", "application/xliff+xml") \
    TYPE("xls", "application/vnd.ms-excel") \
    TYPE("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet") \
    TYPE("xml", "application/xml") \
    TYPE("xmls", "application/dskpp+xml") \
    TYPE("xns", "application/xcap-ns+xml") \
    TYPE("xop", "application/xop+xml") \
    TYPE("xsl", "application/xslt+xml") \
    TYPE("xslt", "application/xslt+xml") \
    TYPE("xspf", "application/xspf+xml") \
    TYPE("xvm", "application/xv+xml") \
    TYPE("xvml", "application/xv+xml") \
    TYPE("xz", "application/x-xz") \
    TYPE("yaml", "application/yaml") \
    TYPE("yang", "application/yang") \
    TYPE("yin", "application/yin+xml") \
    TYPE("yml", "application/yaml") \
    TYPE("zip", "application/zip") \
    TYPE("zone", "text/dns; charset=utf-8") \
    TYPE("zst", "application/zstd")
/* clang-format on */

#endif

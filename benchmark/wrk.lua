-- Sends the paths that stand behind "--" one after another, DEPTH requests at a time,
-- by METHOD and with BODY, or with SIZE bytes.

local batches = {}
local at = 0

function init(arguments)
    local depth = tonumber(os.getenv("DEPTH"))
    local size = tonumber(os.getenv("SIZE"))
    local body = size > 0 and string.rep("x", size) or os.getenv("BODY")
    if body == "" then
        body = nil
    end
    for i = 1, #arguments do
        local one = wrk.format(os.getenv("METHOD"), arguments[i], wrk.headers, body)
        batches[i] = string.rep(one, depth)
    end
end

function request()
    at = at % #batches + 1
    return batches[at]
end

-- Sends the paths that stand behind "--" one after another, DEPTH requests at a time.

local batches = {}
local at = 0

function init(arguments)
    local depth = tonumber(os.getenv("DEPTH") or "1")
    for i = 1, #arguments do
        batches[i] = string.rep(wrk.format("GET", arguments[i]), depth)
    end
end

function request()
    at = at % #batches + 1
    return batches[at]
end

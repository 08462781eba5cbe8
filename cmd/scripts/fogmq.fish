# fish completion for fogmq                                -*- shell-script -*-
#
# It runs nothing of what is typed but the fogmq that the line begins with, which it
# asks for the words that may follow.

# Sets what fogmq offers, and says whether that is all: where it is nothing and may
# be a file, the names of files are for fish.
function __fogmq_ask
    set -l words (commandline -opc)
    set -l raw (commandline -ct)
    set -l typed $raw
    # A quote may be open.
    for end in '' "'" '"'
        if set -l plain (string unescape -- "$raw$end")
            set typed $plain
            break
        end
    end
    set -l answer ($words[1] __complete $words[2..-1] "$typed" 2>/dev/null)
    set -l directive (string match -r '^:(\d+)$' -- $answer[-1])[2]
    set -g __fogmq_found $answer[1..-2]
    # The words of a flag that has its value after = are those of the value.
    set -l flag (string match -r -- '^-[^=]*=' "$typed")
    if test -n "$flag" -a (count $__fogmq_found) -gt 0
        set __fogmq_found $flag$__fogmq_found
    end
    # 4: what is asked for is no file.
    test (count $__fogmq_found) -gt 0; or test (math "floor($directive / 4) % 2") -eq 1
end

complete -c fogmq -e
complete -c fogmq -k -f -n __fogmq_ask -a '$__fogmq_found'

# bash completion for fogmq                                -*- shell-script -*-
#
# It needs no other package, and runs nothing of what is typed but the fogmq that
# the line begins with, which it asks for the words that may follow.

# Splits text as bash would, without expanding anything: sets words, the last of
# which is the one being typed, and quote to the quote that is left open.
__fogmq_split() {
    local text=$1 word='' begun='' c i
    words=() quote=
    for ((i = 0; i < ${#text}; i++)); do
        c=${text:i:1}
        if [[ $quote == "'" || $quote == '"' && $c != \\ ]]; then
            if [[ $c == "$quote" ]]; then quote=; else word+=$c; fi
            continue
        fi
        case $c in
        \\)
            ((i++))
            [[ $quote && ${text:i:1} != [\"\\\$\`] ]] && word+=$c
            word+=${text:i:1} begun=1
            ;;
        \' | \") quote=$c begun=1 ;;
        [[:space:]])
            if [[ $quote ]]; then
                word+=$c
            elif [[ $begun ]]; then
                words+=("$word")
                word='' begun=''
            fi
            ;;
        *) word+=$c begun=1 ;;
        esac
    done
    words+=("$word")
}

# Sets COMPREPLY to words with their descriptions, to be shown and not inserted.
__fogmq_describe() {
    local tab=$'\t' longest=0 room line name
    for line in "$@"; do
        name=${line%%"$tab"*}
        ((${#name} > longest)) && longest=${#name}
    done
    for line in "$@"; do
        name=${line%%"$tab"*}
        if [[ $line == *"$tab"* ]]; then
            printf -v name '%-*s  (%s)' "$longest" "$name" "${line#*"$tab"}"
            room=$((${COLUMNS:-80} - 1))
            ((${#name} > room)) && name="${name:0:room-2}…)"
        fi
        COMPREPLY+=("$name")
    done
}

__fogmq() {
    local words quote line name directive=0 tab=$'\t' found=() lead=''
    COMPREPLY=()

    # The word that readline replaces, which ends words such as tcp://x at each colon.
    local part
    __fogmq_split "$2"
    part=${words[${#words[@]}-1]}
    __fogmq_split "${COMP_LINE:0:COMP_POINT}"
    [[ $quote ]] && part=$2
    local program=${words[0]} typed=${words[${#words[@]}-1]}
    [[ $program == '~/'* ]] && program=$HOME/${program:2}

    while IFS= read -r line; do
        case $line in
        :[0-9]*) directive=${line:1} ;;
        ?*) found+=("$line") ;;
        esac
    done < <("$program" __complete "${words[@]:1}" 2>/dev/null)

    [[ $typed == -*=* ]] && typed=${typed#*=}
    [[ $part && $typed == *"$part" ]] && lead=${typed%"$part"}
    [[ $part ]] || lead=$typed

    # 4: what is asked for is no file.
    if ((directive & 4)); then
        compopt +o default +o bashdefault 2>/dev/null
    fi
    ((${#found[@]})) || return 0
    compopt -o nosort 2>/dev/null
    # 63: a second TAB, which only shows what there is.
    if ((${#found[@]} > 1 && COMP_TYPE == 63)); then
        __fogmq_describe "${found[@]}"
        return 0
    fi
    for line in "${found[@]}"; do
        name=${line%%"$tab"*}
        [[ $name == "$typed"* ]] || continue
        name=${name#"$lead"}
        [[ $quote ]] || printf -v name '%q' "$name"
        COMPREPLY+=("$name")
    done
    # What ends so is a part of a word.
    if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *[:/=] ]]; then
        compopt -o nospace 2>/dev/null
    fi
    return 0
}

complete -o bashdefault -o default -F __fogmq fogmq

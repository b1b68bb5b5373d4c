"""Portuguese."""

FACTS = """
e esta sao estao tem quer pode poderia sabe acha pensa diz recomenda prefere teme duvida foi era teve fez disse
ganha precisa sente espera gosta conhece havia = de que em
"""
PAST = "foi fez disse teve esteve pos quis veio trouxe era havia"
PAST_ENDINGS = r"\w{2,}(?:ou|iu)$"
MODALS = "pode poderia deveria gostaria"
PASSING = "tambem ainda ja depois primeiro lhe o a os as se me te nos hoje amanha so"
NEVER = "nao nunca ninguem nada nenhum nenhuma"
WE = "nos ambos juntos"
FIRST = "eu me"
SECOND = "tu voce te"
HE = "ele"
SHE = "ela"
JOINS = "e & + com"
COMMON = "para como este esta mais sobre quando todo semana dias antes depois tambem fazer"
PROMISE = r"""
vai
vou
vamos
tem que
deve
compromete-se a
promete
"""
MAYBE = r"""
talvez
quem sabe
algum dia
um dia
poderia
ainda nao decidiu
vai pensar
nao decidiu
"""
CONDITION = r"""
se
caso
a menos que
depende
desde que
"""
ASKING = r"(?:pergunta|perguntar|ve|ver|verifica|verificar|sabe|saber)(?: \w+){0,3} se"
OFFER = r"""
se (?:quiser|precisar)
quando quiser
disponivel
oferece
"""
CANCEL = r"""
cancelado
cancelada
esquece
deixa para la
nao precisa
nao e preciso
desistiu
ja nao
"""
THEN = r"ate la|antes disso|no mesmo dia"
BEFORE = r"antes de|antes do|antes da"
INSTEAD = r"""
em vez disso
melhor
no lugar
mudado para
nao,
"""
AGREED = r"""
ok
sim
combinado
claro
obrigado
obrigada
perfeito
pode ser
"""
REQUEST = r"""
podes
pode
voce pode
por favor
"""
OTHERS = r"""
(?:o|a|os|as|seu|sua|meu|minha) (?:[a-z-]+ ){1,3}(?:vai|vao|enviara|confirmara)
"""
SHOULD = r"""
nunca
sempre
primeiro
nao
e preciso
melhor
so
evitar
"""
TO_DO = """
acoes
tarefas
pendentes
proximos passos
compromissos
a fazer
quem faz o que
"""
NOT_TO_DO = """
ideias
feito
mais tarde
talvez
"""
NEUTRAL = """
contexto
conselhos
notas
perguntas
"""
DEEDS = """
envia manda liga escreve pergunta pede prepara faz revisa procura contacta le anota toma partilha compartilha
mostra conta reserva compara calcula fala visita responde redige corrige imprime assina encontra escolhe termina
passa consulta
"""
ORDERS = """
enviar mandar ligar escrever perguntar pedir preparar fazer rever procurar contactar ler anotar partilhar
mostrar contar reservar comparar calcular falar visitar responder redigir corrigir consultar
"""
